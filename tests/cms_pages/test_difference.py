"""Before publishing, the editor sees what readers will find changed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from cms_pages.difference import NAMED, difference
from cms_pages.models import LegalDocumentPage
from tests.cms_pages.test_editor import posted
from tests.documents import body_of


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def document(make_document, publish):
    page = make_document(clauses=[[("a", "First."), ("b", "Second."), ("c", "Third.")], [("d", "Fourth.")]])
    publish(page)
    return page


def draft_of(page, clauses=None, **fields):
    draft = LegalDocumentPage.objects.get(pk=page.pk)
    for name, value in ({"body": body_of(clauses)} if clauses else {} | fields).items():
        setattr(draft, name, value)
    for name, value in fields.items():
        setattr(draft, name, value)
    return draft


def test_each_kind_of_change_is_counted_with_its_places(document):
    draft = draft_of(document, [[("a", "First."), ("b", "Second, changed."), ("n", "New.")], [("d", "Fourth.")]])
    assert difference(draft).sentences == [
        "1 clause is new: 1.3.",
        "1 clause is changed: 1.2.",
        "1 clause is removed: 1.3.",
    ]


def test_a_moved_clause_title_and_plain_words_are_told(document):
    clauses = [[("b", "Second."), ("c", "Third."), ("a", "First.")], [("d", "Fourth.")]]
    draft = draft_of(document, clauses, title="Another title", plain_words="In short.")
    assert difference(draft).sentences == [
        "1 clause is new: the summary in plain words.",
        "1 clause is changed: the title.",
        "1 clause is moved: 1.3.",
    ]


def test_of_many_clauses_only_the_number_is_told(document):
    many = [(f"n{number}", "New.") for number in range(NAMED + 1)]
    draft = draft_of(document, [[("a", "First."), ("b", "Second."), ("c", "Third.")], [("d", "Fourth."), *many]])
    assert difference(draft).sentences == [f"{NAMED + 1} clauses are new."]


def test_what_is_no_word_is_told_all_the_same(document, publish):
    assert difference(draft_of(document, withdrawn=True)).sentences == ["The document is withdrawn."]
    publish(document, withdrawn=True)
    assert difference(draft_of(document, withdrawn=False)).sentences == ["The document is in force again."]


def test_another_target_of_a_link_is_told(document, publish):
    publish(document, clauses=[['<p><a href="https://one.example/a">Link</a></p>']])
    draft = draft_of(document, [['<p><a href="https://one.example/b">Link</a></p>']])
    assert difference(draft).sentences == ["1 clause is changed: 1.1."]


def test_a_changed_operators_card_is_told_by_its_name(site_ru, document, publish):
    from cms_pages.models import OperatorCard

    card = {"type": "operator_card", "id": "7a1c2f3e-0000-4000-8000-000000000001", "value": None}
    body = body_of([["First."]])
    body[0]["value"]["clauses"].append(card)
    publish(document, body=body)
    OperatorCard.objects.create(site=site_ru, bin="123456789012")
    assert difference(draft_of(document)).sentences == ["1 clause is changed: Operator's card."]


def test_an_unchanged_text_makes_no_edition(document):
    assert not difference(draft_of(document)).makes_an_edition
    assert difference(draft_of(document)).sentences == []


@pytest.fixture
def editor(admin_client):
    admin_client.cookies["django_language"] = "en"

    def act(page):
        return admin_client.get(reverse("wagtailadmin_pages:edit", args=(page.pk,))).text

    return act


def test_the_editor_shows_it_beside_a_link_to_the_changes(editor, document, dana):
    draft_of(document, [[("a", "First, changed.")]], change_summary="New.").save_revision(user=dana)
    page = editor(document)
    assert "Изменён 1 пункт: 1.1." in page
    assert "По сравнению с редакцией 1, которая действует" in page
    assert f"{reverse('wagtailadmin_pages:view_draft', args=(document.pk,))}?mode=changes" in page


def test_a_first_edition_and_one_still_to_come_are_called_so(editor, make_document, document, publish):
    assert "Это будет первая редакция" in editor(make_document(slug="offer"))
    publish(document, clauses=[["Later."]], in_force_from=timezone.localdate() + timedelta(days=30))
    draft_of(document, [["Latest."]]).save_revision()
    assert "По сравнению с редакцией 2, которая ещё не вступила в силу" in editor(document)


def test_a_saved_draft_brings_the_summary_up_to_date(admin_client, document):
    url = reverse("wagtailadmin_pages:edit", args=(document.pk,))
    page = LegalDocumentPage.objects.get(pk=document.pk)
    answer = admin_client.post(url, posted("Changed.", page), headers={"Accept": "application/json"}).json()
    assert answer["success"]
    assert "Изменен" in answer["html"] and "[data-readiness]" in answer["html"]


def test_other_pages_are_saved_without_it(admin_client, site_ru):
    home = site_ru.root_page.specific
    url = reverse("wagtailadmin_pages:edit", args=(home.pk,))
    assert "data-readiness" not in admin_client.get(url).text

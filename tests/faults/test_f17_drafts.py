"""f17: a draft that is saved beside a publication seals nothing; of two forms sent at once the second is refused."""

from __future__ import annotations

from django.urls import reverse

from cms_pages.models import LegalDocumentPage
from tests.cms_pages.test_editor import posted
from tests.conftest import signed_in
from tests.faults.test_f17_publishing_at_once import run_at_once


def numbers(page) -> list[int]:
    return list(page.editions.order_by("number").values_list("number", flat=True))


def stored(page) -> LegalDocumentPage:
    return LegalDocumentPage.objects.get(pk=page.pk)


def test_f17_a_draft_of_a_page_that_was_read_before_a_publication_seals_nothing(make_document, publish):
    page = make_document()
    publish(page)
    early = stored(page)
    newest = publish(page, clauses=[["We keep your phone."]])
    early.plain_words = "Not ready, never published."
    early.save_revision()
    assert numbers(page) == [1, 2]
    assert stored(page).live_revision_id == newest.revision_id


def test_saved_whole_it_takes_over_what_is_live(make_document, publish):
    page = make_document()
    publish(page)
    early = stored(page)
    newest = publish(page, clauses=[["We keep your phone."]])
    early.save()
    assert numbers(page) == [1, 2]
    assert stored(page).live_revision_id == newest.revision_id


def test_a_page_that_is_told_to_write_what_is_live_seals_it(make_document, publish):
    page = make_document()
    publish(page)
    other = stored(page)
    other.plain_words = "In plain words."
    other.live_revision = other.save_revision()
    other.save(update_fields=["live_revision_id"])
    assert numbers(page) == [1, 2]


def test_an_older_text_that_is_published_again_is_a_new_edition_of_its_own_revision(make_document, publish):
    page = make_document()
    first = publish(page)
    publish(page, clauses=[["We keep your phone."]])
    first.revision.publish()
    assert numbers(page) == [1, 2, 3]
    assert page.editions.first().revision == first.revision


def test_f17_two_forms_sent_at_once_are_one_edition_and_one_refusal(committed_db, make_document, publish, make_user):
    page = make_document()
    publish(page)
    loaded = stored(page).latest_revision_id
    url = reverse("wagtailadmin_pages:edit", args=(page.pk,))
    told = []

    def send(client, words: str) -> None:
        form = posted(words, stored(page), change_summary=words, loaded_revision_id=loaded)
        told.append(client.post(url, {**form, "action-publish": "1"}, follow=True).text)

    clients = [
        signed_in(make_user(f"{name}@kelisim.example", name, ("Administrators",), is_superuser=True))
        for name in ("one", "two")
    ]
    failures = run_at_once(*(lambda c=client, w=f"Words {n}.": send(c, w) for n, client in enumerate(clients)))
    assert not failures
    assert numbers(page) == [1, 2]
    assert stored(page).live_revision_id == page.editions.first().revision_id
    assert len(told) == 2 and told[0] != told[1]


def test_f17_of_a_publication_and_a_draft_sent_at_once_only_the_publication_seals(
    committed_db, make_document, publish, make_user
):
    page = make_document()
    publish(page)
    url = reverse("wagtailadmin_pages:edit", args=(page.pk,))
    form = posted("We keep your phone.", stored(page), change_summary="Phone.")
    draft = posted("Only a draft.", stored(page), change_summary="Draft.")
    client = signed_in(make_user("one@kelisim.example", "one", ("Administrators",), is_superuser=True))
    failures = run_at_once(lambda: client.post(url, {**form, "action-publish": "1"}), lambda: client.post(url, draft))
    assert not failures
    assert [clause["text"] for clause in page.editions.first().clauses if clause["kind"] == "clause"] == [
        "We keep your phone."
    ]
    assert numbers(page) == [1, 2]

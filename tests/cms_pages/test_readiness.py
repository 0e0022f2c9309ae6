"""What blocks a publication, and what an editor is told besides."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import override
from wagtail.models import Site

from cms_pages.models import HomePage, LegalDocumentPage, OperatorCard, OperatorText
from cms_pages.readiness import advice, blockers


@pytest.fixture(autouse=True)
def in_english():
    with override("en"):
        yield


def draft(page, **fields):
    page = LegalDocumentPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    for name, value in fields.items():
        setattr(page, name, value)
    return page


@pytest.mark.parametrize(
    "left",
    ["at […] it stands", "at [...]", "[вставьте адрес]", "адрес страницы", "беттің мекенжайы", "name: ____", "TODO"],
)
def test_a_placeholder_left_blocks(make_document, left):
    assert "1.1" in blockers(make_document(clauses=[[f"The policy {left}."]]))["body"][0]


@pytest.mark.parametrize("fine", ["see note [1]", "a_b", "an address of a page"])
def test_ordinary_text_does_not(make_document, fine):
    assert not blockers(make_document(clauses=[[fine]]))


def test_an_empty_document_blocks(make_document):
    page = make_document()
    page.body = []
    assert "body" in blockers(page)


def test_the_first_edition_needs_no_summary(make_document):
    assert not blockers(make_document())


def test_later_ones_do_and_not_the_same_words_again(make_document, publish):
    page = make_document()
    publish(page, change_summary="First.")
    changed = draft(page, plain_words="New.")
    assert "change_summary" in blockers(changed)
    changed.change_summary = ""
    assert "change_summary" in blockers(changed)
    changed.change_summary = "A summary in plain words."
    assert not blockers(changed)


@time_machine.travel("2026-11-23T07:00:00Z", tick=False)
@pytest.mark.parametrize("day, blocked", [(date(2026, 11, 22), True), (date(2026, 11, 23), False), (None, False)])
def test_a_date_in_the_past_blocks(make_document, day, blocked):
    assert ("in_force_from" in blockers(draft(make_document(), in_force_from=day))) is blocked


def card_body(page):
    page.body = [
        {
            "type": "section",
            "value": {"heading": "Who", "link_name": "", "clauses": [{"type": "operator_card", "value": None}]},
        }
    ]
    return page


def test_an_empty_operator_card_blocks_only_where_it_is_shown(make_document):
    page = make_document()
    assert not blockers(page)
    assert "BIN" in blockers(card_body(page))["body"][0]


def test_a_complete_card_passes(make_document, site_ru):
    page = card_body(make_document())
    card = OperatorCard.objects.create(site=site_ru, bin="123456789012", privacy_email="a@b.kz", phone="1")
    words = dict.fromkeys(("legal_name", "address", "responsible_person", "regulator"), "x")
    OperatorText.objects.create(card=card, locale=page.locale, **words)
    assert not blockers(page)


def test_a_link_name_belongs_to_one_clause_for_ever(make_document, publish):
    page = make_document(clauses=[["One.", "Two."]])
    body = page.body.get_prep_value()
    body[0]["value"]["clauses"][0]["value"]["link_name"] = "name"
    publish(page, body=body)
    body[0]["value"]["clauses"][0]["value"]["link_name"] = ""
    body[0]["value"]["clauses"][1]["value"]["link_name"] = "name"
    body[0]["value"]["clauses"][1]["value"]["text"] = "<p>Changed.</p>"
    assert any("name" in message for message in blockers(draft(page, body=body, change_summary="x"))["body"])


def test_a_language_behind_is_advice_and_not_a_refusal(make_document, publish):
    ru, kk = make_document("ru"), make_document("kk")
    publish(ru)
    assert not blockers(kk)
    assert "behind" in advice(kk)[0]
    assert not advice(ru)


def test_each_site_has_its_own_operator(make_document, site_ru):
    page = make_document()
    front = page.get_root().add_child(instance=HomePage(title="Second", slug="second", locale=page.locale))
    other = front.add_child(instance=LegalDocumentPage(title="Policy", slug="privacy", locale=page.locale, live=False))
    second = Site.objects.create(hostname="second.kz", root_page=front)
    cache.clear()
    for site, bin_number in ((site_ru, "1" * 12), (second, "2" * 12)):
        OperatorCard.objects.create(site=site, bin=bin_number)
    assert OperatorCard.of(page).bin == "1" * 12
    assert OperatorCard.of(other).bin == "2" * 12


def test_asking_for_a_card_stores_nothing(make_document):
    assert OperatorCard.of(make_document()).pk is None
    assert not OperatorCard.objects.exists()


def test_a_text_that_would_begin_before_the_announced_one_says_so(make_document, publish):
    page, day = make_document(), timezone.localdate() + timedelta(days=30)
    publish(page)
    publish(page, clauses=[["We keep your phone."]], in_force_from=day)
    mended = draft(page, plain_words="Mended.", change_summary="Mended.", in_force_from=None)
    assert "Edition 2 is announced" in blockers(mended)["in_force_from"][0]
    mended.in_force_from = day - timedelta(days=1)
    assert blockers(mended)
    mended.in_force_from = day
    assert not blockers(mended)
    mended.in_force_from, mended.replaces_announced = None, True
    assert not blockers(mended)


def test_a_day_that_was_mistyped_blocks(make_document):
    page = make_document()
    page.in_force_from = timezone.localdate() + timedelta(days=800)
    assert "two years" in blockers(page)["in_force_from"][0]
    page.in_force_from = timezone.localdate() + timedelta(days=700)
    assert not blockers(page)

"""The starter site: loading it twice changes nothing, and it is without the faults it must not copy."""

from __future__ import annotations

import re

import pytest
from django.core.management import CommandError, call_command
from wagtail.models import Page, Site

from cms_pages.models import Edition, HomePage, LegalDocumentPage
from cms_pages.readiness import PLACEHOLDERS, blockers
from cms_pages.starter.load import load_starter
from cms_pages.starter.texts import DOCUMENTS, LANGUAGES, StarterDocument, read


@pytest.fixture(scope="module")
def loaded(scenery):
    load_starter(history=True, say=lambda text: None)


@pytest.fixture
def starter(loaded, db):
    """The starter stands in the file's database, which the test may read."""


def everything() -> dict:
    models = (Edition, HomePage, LegalDocumentPage, Page, Site)
    return {model: list(model.objects.order_by("pk").values_list()) for model in models}


def test_loading_it_twice_changes_nothing(starter):
    before = everything()
    assert load_starter(history=True, say=lambda text: None) == 0
    assert everything() == before


def test_the_policy_has_three_past_editions_one_in_force_and_one_coming(starter):
    for page in LegalDocumentPage.objects.filter(slug="privacy"):
        editions = page.editions.all()
        assert [edition.is_coming() for edition in editions] == [True, False, False, False, False]
        assert editions.in_force().number == 4


def test_every_document_stands_in_every_language_and_is_in_step(starter):
    pages = LegalDocumentPage.objects.all()
    assert {(page.slug, page.language) for page in pages} == {(slug, code) for slug in DOCUMENTS for code in LANGUAGES}
    for page in pages:
        assert {p.editions.count() for p in page.get_translations(inclusive=True)} == {page.editions.count()}


def test_the_editor_accepts_every_text_of_it(starter):
    for page in LegalDocumentPage.objects.all():
        page.body.stream_block.clean(page.body)


def test_the_policy_in_force_and_coming_shows_the_table_of_data_and_older_ones_do_not(starter):
    for page in LegalDocumentPage.objects.filter(slug="privacy"):
        shown = {edition.number: "data-register" in edition.html for edition in page.editions.all()}
        assert shown == {1: False, 2: False, 3: False, 4: True, 5: True}


def test_nothing_of_it_would_be_refused(starter):
    for page in LegalDocumentPage.objects.all():
        page.plain_words += " And more."
        page.change_summary, page.in_force_from, page.replaces_announced = "A test.", None, True
        assert not blockers(page), page


def test_languages_have_the_same_clauses_in_the_same_editions():
    for slug in DOCUMENTS:
        shapes = [shape(StarterDocument(slug, code)) for code in LANGUAGES]
        assert shapes[0] == shapes[1] == shapes[2], slug


def shape(document: StarterDocument) -> list:
    return [
        (
            section["key"],
            section.get("from"),
            section.get("to"),
            [(c["key"], c.get("from"), c.get("to")) for c in section["clauses"]],
        )
        for section in document.content["sections"]
    ]


def test_every_link_inside_a_text_leads_to_a_clause_of_it(starter):
    for edition in Edition.objects.all():
        ids = re.findall(r' id="([^"]+)"', edition.html)
        assert set(re.findall(r'href="#([^"]+)"', edition.html)) <= set(ids), edition
        assert len(set(ids)) == len(ids), edition


def test_every_clause_has_its_one_fragment_and_its_permanent_link(starter):
    for edition in Edition.objects.filter(page__slug="privacy"):
        for item in edition.clauses[2 if edition.plain_words else 1 :]:
            anchor = edition.anchor_of(item["id"])
            assert f'id="{anchor}"' in edition.html and f'/privacy/clauses/{anchor}/"' in edition.html


def test_no_placeholder_and_the_address_for_letters_are_in_the_policy(starter):
    for edition in Edition.objects.filter(page__slug="privacy"):
        assert not PLACEHOLDERS.search(edition.canonical_text)
        assert "info@caviar.com.kz" in edition.canonical_text


def test_an_auditor_finds_all_of_it_as_sealed(starter, capsys):
    call_command("verify_editions")
    assert "48" in capsys.readouterr().out


def test_demo_values_are_plainly_marked():
    for code, mark in (("ru", "ДЕМО"), ("kk", "ДЕМО"), ("en", "DEMO")):
        card = read(code, "operator")
        assert all(mark in card[field] for field in ("legal_name", "address", "responsible_person"))
        assert "DEMO" in card["phone"]
        assert card["bin"] == "000000000000"


def test_s25_the_demo_refuses_to_load_with_debug_off(db, settings):
    settings.DEBUG = False
    before = Edition.objects.count()
    with pytest.raises(CommandError):
        call_command("load_demo")
    assert Edition.objects.count() == before

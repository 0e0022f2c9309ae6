"""The table of personal data in the policy: what the software declares, sealed with the edition, in each language."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone, translation

from cabinet.register.categories import register
from cabinet.register.described import described
from cms_pages.models import LegalDocumentPage
from cms_pages.readiness import advice

TABLE = {"type": "data_register", "id": "0a0a0a0a-0000-4000-8000-000000000000", "value": None}
SECTION = {"heading": "Data", "link_name": "data", "clauses": [TABLE]}


@pytest.fixture
def policy(make_document, publish):
    """Return a function that publishes a policy with the table in a language."""

    def act(language="ru"):
        page = make_document(language)
        edition = publish(page, body=[{"type": "section", "value": SECTION}])
        return LegalDocumentPage.objects.get(pk=page.pk), edition

    return act


@pytest.fixture
def other_words_for_the_phone():
    """Change what the software declares."""
    before = register.by_key["customers.phone"]
    register.by_key["customers.phone"] = replace(before, title="Telephone", recipients=("Courier & Sons",))
    yield
    register.by_key["customers.phone"] = before


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_a_reader_finds_every_category_in_their_language(policy, language):
    _page, edition = policy(language)
    with translation.override(language):
        rows = described()
    for row in rows:
        for words in (row["title"], row["why"], row["basis"], row["term"], *row["purposes"], *row["recipients"]):
            assert words.lower() in edition.canonical_text.lower()


def test_the_table_is_part_of_what_the_hash_names(policy, other_words_for_the_phone):
    _page, edition = policy()
    assert "Courier & Sons" in edition.canonical_text
    assert "Courier &amp; Sons" in edition.html
    [table] = [item for item in edition.clauses if item["kind"] == "table"]
    assert "Telephone" in table["text"]


def test_a_sealed_table_stays_when_the_register_changes(policy, visitor, request):
    policy()
    request.getfixturevalue("other_words_for_the_phone")
    assert "Telephone" not in visitor.get("/ru/privacy/").content.decode()


def test_an_editor_is_told_when_the_register_has_changed_since(policy, request):
    page, _edition = policy()
    assert advice(page) == []
    request.getfixturevalue("other_words_for_the_phone")
    [told] = advice(page)
    assert "1" in told


def test_publishing_anew_seals_the_register_as_it_is_now(policy, publish, request):
    page, first = policy()
    request.getfixturevalue("other_words_for_the_phone")
    second = publish(page)
    assert second.number == first.number + 1
    assert second.sha256 != first.sha256
    assert "Telephone" in second.canonical_text


def test_secrets_are_named_in_the_table(policy):
    _page, edition = policy("en")
    assert "hash of the password" in edition.canonical_text.lower()


def test_each_cell_says_on_a_phone_what_it_is(policy):
    _page, edition = policy("en")
    for label in ("Why", "How long"):
        assert edition.html.count(f'data-label="{label}"') == len(register.by_key)


def test_each_category_stands_once_under_its_ground_and_those_who_get_it(policy, other_words_for_the_phone):
    _page, edition = policy("en")
    found = {}
    for group in re.findall("<tbody>(.*?)</tbody>", edition.html, re.DOTALL):
        head, *rows = re.findall("<th [^>]*>([^<]*)", group)
        found.update({unescape(row): unescape(head) for row in rows})
    with translation.override("en"):
        wanted = {row["title"]: (row["basis"], ", ".join(row["recipients"])) for row in described()}
    assert found == {title: f"Ground: {basis}. Who gets it: {names}" for title, (basis, names) in wanted.items()}
    assert found["Telephone"].endswith("Who gets it: Courier & Sons")


def test_what_a_row_needs_for_its_own_sake_is_summed_up_and_what_tells_of_the_person_is_named(policy):
    _page, edition = policy("en")
    text = edition.canonical_text.lower()
    assert "numbers, marks, times, states and keys" in text
    for label, is_named in (("bank details", True), ("street", True), ("number of the refund", False)):
        assert (label in text) == is_named


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_the_text_in_force_leads_to_its_table_on_a_page_of_its_own(policy, visitor, language):
    _page, edition = policy(language)
    text = visitor.get(f"/{language}/privacy/").content.decode()
    answer = visitor.get(f"/{language}/privacy/data/")
    assert answer.headers["Cache-Control"].startswith("public") and not answer.cookies
    table = answer.content.decode()
    [sealed] = re.findall("<table.*?</table>", edition.html, re.DOTALL)
    assert sealed in table
    assert "<table" not in text
    assert f'<a href="/{language}/privacy/data/">' in text
    assert str(len(register.by_key)) in text.split(f'/{language}/privacy/data/">')[1].split("</a>")[0]
    assert "<h1" in table and f'href="/{language}/privacy/"' in table


def test_an_edition_its_print_and_its_plain_text_have_the_table_in_its_place(policy, visitor):
    _page, edition = policy("en")
    for path in ("editions/1/", "editions/1/print/", "print/"):
        assert edition.html in visitor.get(f"/en/privacy/{path}").content.decode()
    assert "Birth date" in visitor.get("/en/privacy/editions/1/text/").content.decode()


def test_what_stands_before_the_table_and_behind_it_is_the_whole_text(policy, visitor):
    _page, edition = policy("en")
    parts = edition.around_the_table
    assert parts.before + parts.table + parts.after == edition.html
    assert all(parts)
    shown = visitor.get("/en/privacy/").content.decode()
    assert parts.before in shown and parts.after in shown


def test_a_text_without_a_table_is_shown_itself_and_an_unknown_one_is_not_found(visitor, make_document, publish):
    publish(make_document("en", slug="offer"))
    answer = visitor.get("/en/offer/data/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/en/offer/")
    assert visitor.get("/en/nothing/data/").status_code == 404


def test_the_table_says_that_another_edition_is_coming(policy, visitor, publish):
    page, _edition = policy("en")
    publish(page, clauses=[["A later text."]], in_force_from=timezone.now() + timedelta(days=9))
    said = visitor.get("/en/privacy/data/").content.decode()
    assert "Edition 2 is coming" in said and '<link rel="alternate" hreflang' not in said


def test_the_table_of_a_withdrawn_document_says_so(policy, visitor, publish):
    page, _edition = policy("en")
    publish(page, withdrawn=True, change_summary="The rules have ended.")
    assert "This document has been withdrawn" in visitor.get("/en/privacy/data/").content.decode()


def test_a_table_sealed_in_an_earlier_form_stays_in_its_text(policy):
    _page, edition = policy("en")
    edition.html = edition.html.replace('<th scope="row">', "<th>")
    assert edition.around_the_table == (edition.html, "", "")


def test_a_clause_cannot_pass_for_the_table(make_document, publish, visitor):
    hostile = '<p>a</p><table class="cookie-table data-register"><tr><th scope="row">x</th></tr></table>'
    clause = {"type": "clause", "value": {"text": hostile, "link_name": ""}}
    section = {"heading": "Data", "link_name": "data", "clauses": [clause]}
    edition = publish(make_document("en"), body=[{"type": "section", "value": section}])
    assert edition.around_the_table.kinds == 0
    assert edition.html in visitor.get("/en/privacy/").content.decode()

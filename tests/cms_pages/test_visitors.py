"""What visitors meet at a document's addresses, and what does not exist."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cms_pages.models import LegalDocumentPage
from tests import documents
from tests.documents import anchor

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def three_editions(scenery):
    """Two past, one in force; the key of their page."""
    page = documents.make_document(clauses=[[("name", "We keep your name."), ("letter", "Ask by letter.")]])
    documents.publish(page)
    documents.publish(page, clauses=[[("name", "We keep your name."), ("cabinet", "Ask in the cabinet.")]])
    documents.publish(page, clauses=[[("name", "We keep your name and phone."), ("cabinet", "Ask in the cabinet.")]])
    return page.pk


@pytest.fixture
def policy(three_editions, db):
    return LegalDocumentPage.objects.get(pk=three_editions)


def test_the_policy_shows_the_edition_in_force(visitor, policy):
    response = visitor.get("/ru/privacy/")
    assert response.status_code == 200
    assert "We keep your name and phone." in response.text


def test_a_publication_is_seen_at_once(visitor, policy, publish):
    publish(policy, clauses=[["Something else."]], change_summary="All is new.")
    page = visitor.get("/ru/privacy/").text
    assert "Something else." in page
    assert "All is new." in page


@pytest.mark.parametrize(
    "path",
    [
        "",
        "print/",
        "editions/",
        "editions/1/",
        "editions/1/print/",
        "editions/1/text/",
        "editions/feed/",
        "editions/1...3/",
    ],
)
def test_every_address_answers_publicly(visitor, policy, path):
    response = visitor.get(f"/ru/privacy/{path}")
    assert response.status_code == 200
    assert response.headers["Cache-Control"].startswith("public")
    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")


@pytest.mark.parametrize(
    "path",
    [
        "/ru/privacy/editions/4/",
        "/ru/privacy/editions/0/",
        "/ru/privacy/editions/01/",
        "/ru/privacy/editions/99999999999999999999/",
        "/ru/privacy/editions/1...9/",
        "/ru/privacy/editions/x/",
        "/ru/privacy/editions/1....2/",
        "/ru/privacy/clauses/c-00000000/",
        "/kk/privacy/",
        "/kk/privacy/editions/1/",
        "/de/privacy/",
        "/ru/nothing/",
        "/ru/privacy/editions/1/x.css",
    ],
)
def test_what_does_not_exist_is_404_and_never_stored(visitor, policy, path):
    response = visitor.get(path)
    assert response.status_code == 404
    assert response.headers["Cache-Control"] == "private, no-store"


def test_the_same_edition_twice_leads_to_that_edition(visitor, policy):
    assert visitor.get("/ru/privacy/editions/2...2/").headers["Location"] == "/ru/privacy/editions/2/"


def test_a_pair_the_wrong_way_round_is_turned(visitor, policy):
    assert visitor.get("/ru/privacy/editions/3...2/").headers["Location"] == "/ru/privacy/editions/2...3/"


def test_a_clause_that_stands_is_found_in_the_policy(visitor, policy):
    name = anchor(policy, "We keep")
    assert visitor.get(f"/ru/privacy/clauses/{name}/").headers["Location"] == f"/ru/privacy/#{name}"


def test_a_removed_clause_leads_to_the_last_edition_that_had_it(visitor, policy):
    name = anchor(policy, "Ask by letter")
    assert visitor.get(f"/ru/privacy/clauses/{name}/").headers["Location"] == f"/ru/privacy/editions/1/#{name}"


def test_a_comparison_marks_words_with_ins_and_del(visitor, policy):
    page = visitor.get("/ru/privacy/editions/2...3/").text
    assert "<ins" in page
    assert "and phone" in page


def test_an_old_edition_says_so_and_is_not_indexed(visitor, policy):
    page = visitor.get("/ru/privacy/editions/1/").text
    assert "noindex" in page
    assert 'href="/ru/privacy/"' in page


def test_a_withdrawn_document_keeps_all_its_addresses(visitor, policy, publish):
    publish(policy, withdrawn=True, change_summary="The rules have ended.")
    name = anchor(policy, "Ask by letter")
    for path in ("", "print/", "editions/", "editions/1/", "editions/4/", "editions/1/print/", "editions/1/text/"):
        assert visitor.get(f"/ru/privacy/{path}").status_code == 200
    for path in ("editions/3...4/", "editions/feed/", f"clauses/{name}/"):
        assert visitor.get(f"/ru/privacy/{path}", follow=True).status_code == 200
    assert policy.title not in [edition.title for edition in visitor.get("/ru/").context["documents"]]


def test_the_feed_is_atom_with_every_edition_newest_first(visitor, policy):
    feed = ElementTree.fromstring(visitor.get("/ru/privacy/editions/feed/").content)
    links = [entry.find(f"{ATOM}link").get("href") for entry in feed.iter(f"{ATOM}entry")]
    assert links == [f"http://testserver/ru/privacy/editions/{number}/" for number in (3, 2, 1)]


def test_anybody_can_check_the_hash(visitor, policy):
    import hashlib

    text = visitor.get("/ru/privacy/editions/2/text/").content
    assert hashlib.sha256(text).hexdigest() == policy.editions.get(number=2).sha256


def test_another_language_says_when_it_is_behind(visitor, policy, make_document, publish):
    publish(make_document("kk"))
    assert not visitor.get("/kk/privacy/").context["behind"]
    publish(policy, clauses=[["More."]])
    publish(policy, clauses=[["And more."]])
    assert visitor.get("/kk/privacy/").context["behind"][0].code == "ru"
    publish(LegalDocumentPage.objects.get(slug="privacy", locale__language_code="kk"), clauses=[["All of it."]])
    for code in ("ru", "kk"):
        assert not visitor.get(f"/{code}/privacy/").context["behind"]


def test_the_switch_leads_to_the_archive_of_a_language_that_lacks_the_edition(visitor, policy, make_document, publish):
    publish(make_document("kk"))
    for path in ("editions/3/", "editions/2...3/"):
        languages = {one.code: one.url for one in visitor.get(f"/ru/privacy/{path}").context["chrome"].languages}
        assert languages["kk"] == "/kk/privacy/editions/"
    languages = visitor.get("/ru/privacy/editions/1/").context["chrome"].languages
    assert {one.code: one.url for one in languages}["kk"] == "/kk/privacy/editions/1/"


def test_the_root_goes_to_the_default_language_and_never_guesses(visitor, site_ru):
    response = visitor.get("/", headers={"accept-language": "kk"})
    assert response.headers["Location"] == "/ru/"


def test_the_policy_costs_two_queries(visitor, policy):
    visitor.get("/ru/privacy/")
    with CaptureQueriesContext(connection) as queries:
        visitor.get("/ru/privacy/")
    assert len(queries) <= 2


@pytest.mark.parametrize("path", ["/ru", "/ru/privacy", "/ru/privacy/editions/1", "/admin", "/ru/accounts/login"])
def test_a_missing_slash_is_added(visitor, policy, path):
    response = visitor.get(path)
    assert (response.status_code, response.headers["Location"]) == (301, f"{path}/")


def test_an_editor_who_is_signed_in_gets_the_same_page_as_everybody(visitor, editor_client, policy):
    seen, given = editor_client.get("/ru/privacy/"), visitor.get("/ru/privacy/")
    assert seen.content == given.content
    assert "userbar" not in seen.text
    assert "Cookie" not in seen.headers.get("Vary", "")

"""What visitors meet at a document's addresses, and what does not exist."""

from __future__ import annotations

from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cms_pages.models import LegalDocumentPage

NOON = "2026-11-23T07:00:00Z"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def policy(make_document, publish):
    """Three editions: two past, one in force."""
    page = make_document(clauses=[[("name", "We keep your name."), ("letter", "Ask by letter.")]])
    publish(page)
    publish(page, clauses=[[("name", "We keep your name."), ("cabinet", "Ask in the cabinet.")]])
    publish(page, clauses=[[("name", "We keep your name and phone."), ("cabinet", "Ask in the cabinet.")]])
    return page


def anchor(page, text: str) -> str:
    return next(f"c-{i['id']}" for e in page.editions.all() for i in e.clauses if i["text"].startswith(text))


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


def test_a_coming_edition_is_announced_and_takes_over_by_itself(visitor, make_document, publish):
    page = make_document(clauses=[["Today."]])
    with time_machine.travel(NOON, tick=False):
        publish(page)
        publish(page, clauses=[["Tomorrow."]], in_force_from=date(2026, 12, 1), change_summary="All will be new.")
        text = visitor.get("/ru/privacy/").text
        assert "Today." in text and "Tomorrow." not in text and "All will be new." in text
    with time_machine.travel("2026-11-30T19:00:01Z", tick=False):
        assert "Tomorrow." in visitor.get("/ru/privacy/").text


def test_the_page_cache_is_told_when_the_next_edition_begins(visitor, make_document, publish):
    page = make_document()
    with time_machine.travel("2026-11-30T18:50:00Z", tick=False):
        publish(page)
        publish(page, clauses=[["Tomorrow."]], in_force_from=date(2026, 12, 1))
        assert visitor.get("/ru/privacy/").headers["Kelisim-Cache-Control"] == "max-age=600"


def test_a_withdrawn_document_keeps_all_its_addresses(visitor, policy, publish):
    publish(policy, withdrawn=True, change_summary="The rules have ended.")
    name = anchor(policy, "Ask by letter")
    for path in ("", "print/", "editions/", "editions/1/", "editions/4/", "editions/1/print/", "editions/1/text/"):
        assert visitor.get(f"/ru/privacy/{path}").status_code == 200
    for path in ("editions/3...4/", "editions/feed/", f"clauses/{name}/"):
        assert visitor.get(f"/ru/privacy/{path}", follow=True).status_code == 200
    assert policy.title not in [edition.title for edition in visitor.get("/ru/").context["documents"]]


def test_a_clause_keeps_its_link_when_it_is_reworded_and_carried_elsewhere(visitor, make_document, publish):
    page = make_document(clauses=[[("a", "First."), ("b", "Second.")], [("c", "Third.")]])
    publish(page)
    before = anchor(page, "First.")
    publish(page, clauses=[[("b", "Second.")], [("c", "Third."), ("a", "First, in other words.")]])
    assert visitor.get(f"/ru/privacy/clauses/{before}/").headers["Location"] == f"/ru/privacy/#{before}"
    assert f'id="{before}"' in visitor.get("/ru/privacy/").text


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


def test_a_slip_mended_in_one_language_leaves_the_others_in_step(visitor, make_document, publish):
    ru, kk = make_document("ru"), make_document("kk")
    publish(ru)
    publish(kk)
    publish(ru, clauses=[["We keep your names."]], only_this_language=True)
    assert not visitor.get("/kk/privacy/").context["behind"]


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


def test_an_announced_title_and_summary_do_not_show_before_their_day(visitor, make_document, publish):
    page = make_document(title="Old title")
    publish(page, plain_words="Old words.")
    publish(page, title="New title", plain_words="New words.", in_force_from=timezone.localdate() + timedelta(days=9))
    for path in ("/ru/privacy/", "/ru/privacy/editions/1/", "/ru/"):
        text = visitor.get(path).text
        assert "New title" not in text and "New words." not in text, path


def test_an_editor_who_is_signed_in_gets_the_same_page_as_everybody(visitor, editor_client, policy):
    seen, given = editor_client.get("/ru/privacy/"), visitor.get("/ru/privacy/")
    assert seen.content == given.content
    assert "userbar" not in seen.text
    assert "Cookie" not in seen.headers.get("Vary", "")

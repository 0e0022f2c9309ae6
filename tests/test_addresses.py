"""Whose each address is, and that it behaves so towards a visitor (trust.md, s01 and s03)."""

from __future__ import annotations

import pytest

from tests.addresses import ROUTES, all_routes, audience, without_parameters
from tests.documents import make_document, publish

PUBLIC_EXAMPLES = {
    "robots.txt": "/robots.txt",
    "sitemap.xml": "/sitemap.xml",
    "ru/": "/ru/",
    "ru/cookies/": "/ru/cookies/",
    "ru/<slug:slug>/": "/ru/privacy/",
    "ru/<slug:slug>/print/": "/ru/privacy/print/",
    "ru/<slug:slug>/data/": None,  # leads on to the text where it has no table (cms_pages/test_data_register.py)
    "ru/<slug:slug>/clauses/<slug:anchor>/": None,  # leads on to the clause in the page
    "ru/<slug:slug>/editions/": "/ru/privacy/editions/",
    "ru/<slug:slug>/editions/feed/": "/ru/privacy/editions/feed/",
    "ru/<slug:slug>/editions/<edition:number>/": "/ru/privacy/editions/1/",
    "ru/<slug:slug>/editions/<edition:number>/print/": "/ru/privacy/editions/1/print/",
    "ru/<slug:slug>/editions/<edition:number>/text/": "/ru/privacy/editions/1/text/",
    "ru/<slug:slug>/editions/<edition:older>...<edition:newer>/": "/ru/privacy/editions/1...2/",
    "ru/^((?:[\\w\\-]+/)*)$": None,  # Wagtail's own serving, behind the documents
    "": None,  # leads on to the default language
}


@pytest.fixture(scope="module")
def published(scenery):
    page = make_document(clauses=[["We keep your name."]])
    publish(page)
    publish(page, clauses=[["We keep your name and phone."]])


@pytest.fixture
def two_editions(published, db):
    """They stand in the file's database, which the test may read."""


def test_s01_every_address_is_classified():
    unclassified = sorted({route for route in all_routes() if audience(route) is None} - {""})
    assert unclassified == [], "Say in tests/addresses.py whose these are."


def test_s01_the_table_names_no_address_that_is_gone():
    assert sorted(set(ROUTES) - set(all_routes())) == []


def test_s03_every_public_address_has_an_example():
    assert set(PUBLIC_EXAMPLES) == {route for route, whose in ROUTES.items() if whose == "public"}


@pytest.mark.parametrize("path", [path for path in PUBLIC_EXAMPLES.values() if path])
def test_s03_public_addresses_are_the_same_for_everybody(visitor, two_editions, path):
    answer = visitor.get(path)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"].startswith("public")
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert not answer.cookies
    assert "csrfmiddlewaretoken" not in answer.text
    assert "nonce-" not in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", [path for path in PUBLIC_EXAMPLES.values() if path])
def test_s03_staff_get_the_same_public_page(editor_client, visitor, two_editions, path):
    assert editor_client.get(path).content == visitor.get(path).content


# Words for scripts and icons: the same for everybody, nothing of anybody in them.
WITHOUT_DATA = {"/admin/jsi18n/", "/admin/sprite/"}


@pytest.mark.parametrize("path", sorted({*without_parameters("staff")} - WITHOUT_DATA))
def test_s01_staff_addresses_tell_a_visitor_nothing(visitor, site_ru, path):
    answer = visitor.get(path)
    assert answer.status_code in {302, 403, 404, 405}
    assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("path", without_parameters("customer"))
def test_s03_addresses_of_accounts_are_never_stored(visitor, site_ru, path):
    answer = visitor.get(path)
    assert answer.status_code < 500
    assert answer.headers["Cache-Control"] == "private, no-store"


TAKES_POST_ALONE, NOTHING_THERE = {"/api/v1/events/"}, {"/api/"}


@pytest.mark.parametrize("path", without_parameters("machine"))
def test_s03_addresses_for_machines_are_never_stored(visitor, db, path):
    answer = visitor.get(path)
    status = 405 if path in TAKES_POST_ALONE else 404 if path in NOTHING_THERE else 200
    assert (answer.status_code, answer.headers["Cache-Control"]) == (status, "private, no-store")


@pytest.mark.parametrize(
    "path",
    [
        "/ru/privacy/x.css",
        "/ru/privacy/;x.css",
        "/ru/privacy/%2f",
        "/ru/privacy%2fx",
        "/admin/x.css",
        "/admin/;.css",
        "/ru/accounts/login/x.css",
        "/ru/accounts/email/%2e%2e/x.js",
        "/static/../manage.py",
        "/.git/HEAD",
        "/.env",
        "/xx/privacy/",
    ],
)
def test_s03_tricks_with_suffixes_are_never_cacheable(visitor, two_editions, path):
    answer = visitor.get(path)
    assert answer.status_code in {301, 302, 404}
    assert answer.headers["Cache-Control"] == "private, no-store"

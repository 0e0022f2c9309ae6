"""Whoever asks cannot multiply what is kept, nor have a page rendered past it (trust.md, s03, f06, f12)."""

from __future__ import annotations

import pytest
from django.test import Client

from cms_pages import page_cache
from cms_pages.last_good import LastGood
from cms_pages.page_cache import PageCache
from cms_pages.public_host import OTHER_NAMES, PublicHosts
from tests.cms_pages.asking import Page, ask


@pytest.fixture
def page():
    return Page()


@pytest.fixture
def make_worker(page, tmp_path, monkeypatch, settings):
    """Return a function that makes a worker in front of one public page."""
    monkeypatch.setattr(page_cache, "read_version", lambda: (1, 1))
    settings.SITE_URL, settings.ALLOWED_HOSTS = "http://127.0.0.1:8010", ["127.0.0.1", "localhost", "[::1]"]

    def make(limit=1 << 20):
        return PageCache(page, limit=limit, last_good=LastGood(tmp_path / "pages", limit))

    return make


@pytest.fixture
def worker(make_worker):
    return make_worker()


def canonical(host, port="8010"):
    return PublicHosts().canonical({"HTTP_HOST": host, "SERVER_PORT": port})


# One spelling of each host ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["LOCALHOST", "localhost.", "LocalHost.:1", "localhost:1", "localhost:65535"])
def test_s03_other_spellings_of_a_host_share_its_page(worker, page, host):
    first = ask(worker, host="localhost")
    assert ask(worker, host=host).body == first.body
    assert len(page.requests) == 1
    assert [key[1] for key in worker.pages] == ["localhost"]


@pytest.mark.parametrize("host", ["LOCALHOST", "localhost.", "localhost:1"])
def test_s03_a_page_first_asked_for_under_another_spelling_is_rendered_under_the_right_one(worker, page, host):
    ask(worker, host=host)
    assert page.requests[-1]["HTTP_HOST"] == "localhost"
    assert [key[1] for key in worker.pages] == ["localhost"]


@pytest.mark.parametrize(
    ("host", "spelt"),
    [
        ("127.0.0.1:8010", "127.0.0.1:8010"),
        ("127.0.0.1", "127.0.0.1"),
        ("[::1]:8010", "[::1]:8010"),
        ("[::1]", "[::1]"),
        ("127.0.0.1:080", "127.0.0.1"),
        ("evil.example", None),
        ("localhost:x", None),
        ("", None),
    ],
)
def test_s03_the_one_spelling_of_a_host(make_worker, host, spelt):
    make_worker()
    assert canonical(host) == spelt


def test_the_port_that_serves_counts_besides_the_one_of_the_site(make_worker):
    make_worker()
    assert canonical("localhost:9000", port="9000") == "localhost:9000"
    assert canonical("localhost:8010", port="9000") == "localhost:8010"


def test_the_name_of_the_site_counts_even_when_hosts_are_a_pattern(make_worker, settings):
    make_worker()
    settings.SITE_URL, settings.ALLOWED_HOSTS = "https://privacy.shop.example", [".shop.example"]
    assert canonical("privacy.shop.example") == "privacy.shop.example"


def test_s03_where_any_host_is_allowed_only_a_few_are_kept(make_worker, page, settings):
    worker = make_worker()
    settings.ALLOWED_HOSTS = ["*"]
    worker.hosts = PublicHosts()
    for number in range(5 * OTHER_NAMES):
        assert ask(worker, host=f"name-{number}.example").status == 200
    assert len(worker.pages) == OTHER_NAMES
    ask(worker, host="127.0.0.1:8010")
    assert len(worker.pages) == OTHER_NAMES + 1


# Methods ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "PUT", "PATCH", "DELETE", "CONNECT", "PROPFIND", "get", "Head"])
def test_f12_a_method_that_nothing_answers_is_refused_before_it_costs_anything(worker, page, method):
    for path in ("/ru/privacy/", "/ru/accounts/login/", "/livez"):
        answer = ask(worker, path, method=method)
        assert (answer.status, answer.headers["Allow"], answer.body) == (405, "GET, HEAD, POST", b"")
        assert answer.headers["Cache-Control"] == "private, no-store"
    assert not page.requests


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_the_scripts_of_the_admin_use_two_methods_more(worker, page, method):
    assert ask(worker, "/admin/dismissibles/", method=method).status == 200
    assert len(page.requests) == 1


@pytest.mark.parametrize("path", ["", "print/", "editions/", "editions/1/", "editions/1...2/", "editions/feed/"])
def test_f12_a_form_sent_to_a_public_page_has_nothing_rendered(make_document, publish, path):
    document = make_document()
    publish(document)
    publish(document, clauses=[["Another."]])
    token = "a" * 32
    client = Client(enforce_csrf_checks=True)
    client.cookies["csrf"] = token
    answer = client.post(f"/ru/privacy/{path}", {"csrfmiddlewaretoken": token})
    assert (answer.status_code, answer.content) == (405, b"")


# The last good pages ------------------------------------------------------------------------------------------------


def test_f06_comparisons_and_old_editions_never_push_the_texts_in_force_off_the_disk(make_worker, page):
    page.body = b"x" * 10_000
    worker = make_worker(limit=40_000)
    for path in ("/ru/", "/ru/privacy/"):
        ask(worker, path)
    for number in range(2, 20):
        ask(worker, f"/ru/privacy/editions/1...{number}/")
        ask(worker, f"/ru/privacy/editions/{number}/text/")
    restarted = make_worker(limit=40_000)
    kept = {path: restarted.fallback(("http", "localhost", "", path)) is not None for path in ("/ru/", "/ru/privacy/")}
    assert kept == {"/ru/": True, "/ru/privacy/": True}
    assert len(list(worker.last_good.folder.iterdir())) == 2

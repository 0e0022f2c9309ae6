"""Public pages from memory: the same for everybody, never somebody's own, bounded (decision 3, s03)."""

from __future__ import annotations

import pytest
import time_machine
from django.http import HttpResponse

from cms_pages import answer as answers
from cms_pages import page_cache
from cms_pages.models import PublicVersion
from cms_pages.page_version import bump
from cms_pages.public import public
from tests.cms_pages.asking import Page, ask

NOON = "2096-11-23T07:00:00Z"

pytestmark = pytest.mark.usefixtures("open_connection")


# The same for everybody -----------------------------------------------------------------------------------------------


def test_s03_a_second_reader_does_not_reach_django(worker, policy):
    first, second = ask(worker), ask(worker)
    assert "We keep your name." in first.body.decode()
    assert (first.status, first.body, first.headers) == (200, second.body, second.headers)
    assert len(worker.application.requests) == 1


def test_s03_another_cookie_gets_the_same_bytes_and_sets_none(worker, policy):
    plain, with_cookie = ask(worker), ask(worker, cookie="session=abc; _ga=GA1.1.5", user_agent="Other")
    assert plain.body == with_cookie.body
    assert "Set-Cookie" not in with_cookie.headers
    assert with_cookie.headers["Vary"] == "Accept-Encoding"
    assert with_cookie.headers["Cache-Control"].startswith("public")
    assert len(worker.application.requests) == 1


def test_s03_a_page_first_asked_for_with_cookie_and_query_is_rendered_without_them(make_worker):
    page = Page()
    worker = make_worker(page)
    ask(worker, query="utm_source=letter", cookie="session=abc", x_forwarded_host="evil.example", accept_language="kk")
    kept = page.requests[-1]
    assert kept["QUERY_STRING"] == ""
    assert {name for name in kept if name.startswith("HTTP_")} == {"HTTP_HOST"}


def test_the_query_makes_no_other_entry(worker, policy):
    assert ask(worker).body == ask(worker, query="utm_source=1").body == ask(worker, query="utm_source=2").body
    assert len(worker.pages) == 1


def test_the_word_for_the_cache_does_not_leave_the_house(worker, policy):
    assert "Kelisim-Cache-Control" not in ask(worker).headers
    assert "Kelisim-Cache-Control" not in ask(worker, method="POST").headers


def test_another_host_and_another_scheme_have_their_own_pages(make_worker, settings):
    settings.ALLOWED_HOSTS = ["localhost", "other.example"]
    worker = make_worker(Page())
    ask(worker), ask(worker, host="other.example"), ask(worker, scheme="https")
    assert len(worker.pages) == 3


def test_behind_a_proxy_the_scheme_is_what_the_proxy_says(make_worker, settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    worker = make_worker(Page())
    ask(worker), ask(worker, x_forwarded_proto="https")
    assert {key[0] for key in worker.pages} == {"http", "https"}


# What is never kept ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/ru/nothing/", "/ru/privacy/x.css", "/ru/privacy/;a", "/ru/privacy/../", "/livez"])
def test_s03_what_is_not_public_is_never_kept(worker, policy, path):
    assert ask(worker, path).headers["Cache-Control"] == "private, no-store"
    ask(worker, path)
    assert not worker.pages
    assert len(worker.application.requests) == 2


@pytest.mark.parametrize(
    "status", ["404 Not Found", "500 Internal Server Error", "503 Service Unavailable", "302 Found"]
)
def test_s03_an_error_is_never_kept_even_when_it_is_marked(make_worker, status):
    worker = make_worker(Page(status=status))
    assert ask(worker).status == int(status[:3])
    assert not worker.pages


@pytest.mark.parametrize(
    "header",
    [
        {"Set_Cookie": "session=1"},
        {"Vary": "Cookie"},
        {"Vary": "Accept-Encoding, Accept-Language"},
        {"Content_Encoding": "gzip"},
        {"Cache_Control": "private"},
        {"Content_Security_Policy": "script-src 'nonce-abc'"},
    ],
)
def test_s03_a_marked_answer_that_belongs_to_one_person_is_not_kept_but_told(make_worker, caplog, header):
    worker = make_worker(Page(**header))
    assert ask(worker).status == 200
    assert not worker.pages
    assert "pages.not_public" in caplog.text


def test_a_post_passes_by(make_worker):
    page = Page()
    worker = make_worker(page)
    ask(worker), ask(worker, method="POST"), ask(worker, method="POST")
    assert [environ["REQUEST_METHOD"] for environ in page.requests] == ["GET", "POST", "POST"]


def test_an_unknown_host_never_fills_the_cache(worker, policy):
    assert ask(worker, host="evil.example").status == 400
    assert not worker.pages


def test_a_page_that_is_public_no_longer_is_forgotten(make_worker):
    page = Page()
    worker = make_worker(page)
    ask(worker)
    (key,) = worker.pages
    page.headers = [("Content-Type", "text/html"), ("Cache-Control", "private, no-store")]
    worker.pages[key].expires = 0
    assert ask(worker).headers["Cache-Control"] == "private, no-store"
    assert key not in worker.pages
    assert key not in worker.last_good


def test_a_proxy_that_rewrites_the_host_is_refused_at_the_start(make_worker, settings):
    settings.USE_X_FORWARDED_HOST = True
    with pytest.raises(page_cache.ImproperlyConfigured):
        make_worker()


# Bounds ---------------------------------------------------------------------------------------------------------------


def test_the_pages_asked_for_longest_ago_make_room(make_worker, clock):
    worker = make_worker(Page(b"x" * 10_000), limit=30_000)
    for path in ("/a/", "/b/", "/a/", "/c/"):
        clock.now += 0.1
        ask(worker, path)
    assert {key[3] for key in worker.pages} == {"/a/", "/c/"}
    assert sum(page.size for page in worker.pages.values()) <= 30_000


def test_a_page_larger_than_all_room_is_answered_and_not_kept(make_worker):
    worker = make_worker(Page(b"x" * 40_000), limit=30_000)
    assert len(ask(worker).body) == 40_000
    assert not worker.pages


def test_the_folder_of_last_good_pages_is_bounded(make_worker, tmp_path):
    worker = make_worker(Page(b"x" * 10_000), limit=30_000)
    for number in range(6):
        ask(worker, f"/{number}/")
    assert sum(file.stat().st_size for file in (tmp_path / "pages").iterdir()) <= 30_000


def test_many_accept_encodings_do_not_fill_the_memory(make_worker):
    worker = make_worker(Page())
    for number in range(2 * page_cache.ENCODINGS_REMEMBERED):
        ask(worker, accept_encoding=f"br;q=0.{number + 1}")
    assert len(worker.encodings) <= page_cache.ENCODINGS_REMEMBERED


def test_an_unchanged_page_is_not_written_again(make_worker, clock, tmp_path):
    worker = make_worker(Page())
    ask(worker)
    (file,) = (tmp_path / "pages").iterdir()
    written = file.stat().st_mtime_ns
    next(iter(worker.pages.values())).expires = 0
    ask(worker)
    assert file.stat().st_mtime_ns == written


# The mark -------------------------------------------------------------------------------------------------------------


def test_the_mark_says_how_long(settings):
    with time_machine.travel(NOON, tick=False):
        from django.utils import timezone

        soon = timezone.now() + timezone.timedelta(seconds=90)
        marked = public(HttpResponse(), until=soon)
    assert marked.headers["Kelisim-Cache-Control"] == "max-age=90"
    assert marked.headers["Cache-Control"] == "public, max-age=0, must-revalidate"


def test_a_bump_makes_both_rows_from_nothing(db):
    PublicVersion.objects.all().delete()
    bump()
    assert PublicVersion.now() == (1, 0)


def test_write_is_refused():
    with pytest.raises(NotImplementedError):
        answers.Answer(lambda environ, start: [start("200 OK", [])(b"x")], {})

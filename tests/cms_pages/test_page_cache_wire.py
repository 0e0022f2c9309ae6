"""What of a public page goes over the wire: encodings, tags, 304, HEAD."""

from __future__ import annotations

import gzip
import random
import threading

import brotli
import pytest

from cms_pages import page_cache
from cms_pages.page_store import IMPROVE_AFTER
from tests.cms_pages.asking import Page, ask

BROWSER = "gzip, deflate, br, zstd"

pytestmark = pytest.mark.usefixtures("open_connection")


def test_each_encoding_has_its_own_tag_and_the_same_words(make_worker):
    worker = make_worker(Page())
    plain, zipped, brotlied = (ask(worker, accept_encoding=name) for name in ("", "gzip", BROWSER))
    assert plain.body == gzip.decompress(zipped.body) == brotli.decompress(brotlied.body)
    assert [r.headers.get("Content-Encoding") for r in (plain, zipped, brotlied)] == [None, "gzip", "br"]
    assert len({r.headers["ETag"] for r in (plain, zipped, brotlied)}) == 3
    for response in (plain, zipped, brotlied):
        assert response.headers["Content-Length"] == str(len(response.body))
        assert response.headers["Vary"] == "Accept-Encoding"


def test_a_body_too_small_to_compress_is_sent_as_it_is(make_worker):
    response = ask(make_worker(Page(b"ok")), accept_encoding=BROWSER)
    assert (response.body, "Content-Encoding" in response.headers) == (b"ok", False)


@pytest.mark.parametrize(
    ("header", "encoding"),
    [
        ("br;q=0, gzip", "gzip"),
        ("br;q=0.1, gzip;q=0.9", "gzip"),
        ("*", "br"),
        ("*;q=0", "identity"),
        ("identity", "identity"),
        ("gzip;q=x, br;q=nan", "identity"),
        ("GZIP", "gzip"),
    ],
)
def test_the_client_says_which_encoding_it_likes(header, encoding):
    assert page_cache.accepted(header) == encoding


@pytest.mark.parametrize("wrap", ["{}", "W/{}", '"other", {}', "*"])
def test_a_reader_who_has_the_page_gets_304(worker, policy, wrap):
    tag = ask(worker, accept_encoding=BROWSER).headers["ETag"]
    response = ask(worker, accept_encoding=BROWSER, if_none_match=wrap.format(tag), cookie="a=b")
    assert (response.status, response.body, response.headers["ETag"]) == (304, b"", tag)
    assert {"Cache-Control", "Vary"} < set(response.headers)
    assert "Content-Length" not in response.headers


def test_a_reader_with_an_older_page_gets_the_new_one(worker, policy):
    assert ask(worker, if_none_match='"older"').status == 200


def test_head_tells_the_length_and_sends_nothing(worker, policy):
    first = ask(worker, method="HEAD")
    page = ask(worker)
    assert first.body == ask(worker, method="HEAD").body == b""
    assert first.headers["Content-Length"] == str(len(page.body))


def test_a_page_that_lasts_gets_its_best_compression(make_worker, clock):
    words = [
        "the",
        "operator",
        "keeps",
        "data",
        "only",
        "as",
        "long",
        "as",
        "an",
        "order",
        "needs",
        "it",
        "and",
        "tells",
        "the",
        "customer",
        "why",
    ]
    dice = random.Random(1)
    worker = make_worker(Page(" ".join(dice.choice(words) for _each in range(3000)).encode()))
    quick = ask(worker, accept_encoding=BROWSER)
    clock.now += IMPROVE_AFTER
    ask(worker, accept_encoding=BROWSER)
    clock.now += 1.0
    ask(worker, accept_encoding=BROWSER)
    for thread in threading.enumerate():
        if thread.name == "improve-page":
            thread.join(10)
    best = ask(worker, accept_encoding=BROWSER)
    assert len(best.body) < len(quick.body)
    assert best.headers["ETag"] != quick.headers["ETag"]
    assert brotli.decompress(best.body) == brotli.decompress(quick.body)

"""f12: too large, too deep, too many keys or lines: a 4xx at once, and memory stays where it was."""

from __future__ import annotations

import io
import json
import time
import tracemalloc

import pytest
from django.test import RequestFactory
from django.urls import resolve

from cabinet.exchange.reading import DEEPEST, LARGEST, depth_of
from tests.cabinet.exchange.conftest import bills, registered, shop  # noqa: F401  (fixtures)
from tests.cabinet.exchange.shop import EVENTS

AT = '"timestamp": "2026-11-26T09:30:00Z"'
MEGABYTE = 2**20

pytestmark = pytest.mark.usefixtures("bills")


def event(data):
    return f'{{"type": "bill.paid", {AT}, "data": {data}}}'.encode()


DEEP = "[" * 100_000
TOO_MUCH = {
    "50 MB": (b'{"a": "' + b"x" * (50 * MEGABYTE) + b'"}', 413),
    "100,000 keys": (json.dumps({f"key{number}": 1 for number in range(100_000)}).encode(), 413),
    "depth of 100,000": (DEEP.encode(), 422),
    "depth of 100,000 in the data": (event(DEEP), 422),
    "depth of 40,000 objects": (event('{"a":' * 40_000 + "1" + "}" * 40_000), 422),
    "20,000 unknown keys": (event(json.dumps({f"k{number}": 1 for number in range(20_000)})), 422),
    "10,000 lines": (event(json.dumps({"number": "7", "amount": "1", "lines": ["x"] * 10_000})), 422),
    "10,000 wrong lines": (event(json.dumps({"number": "7", "amount": "1", "lines": [1] * 10_000})), 422),
    "100,000 brackets in a text": (event(json.dumps({"number": "[{" * 50_000})), 422),
    "quotes without end": (b'{"' + b'\\"' * 100_000, 422),
}


@pytest.mark.parametrize("what", TOO_MUCH)
def test_f12_too_much_is_refused_and_costs_little_memory(shop, bills, what):  # noqa: F811
    body, status = TOO_MUCH[what]
    shop.send("bill.lost", {"number": "1"})  # what is made once is made
    headers = shop.headers(body, "evt_2", at=int(time.time()))
    request = RequestFactory().post(EVENTS, body, "application/json", headers=headers)
    tracemalloc.start()
    try:
        answer = resolve(EVENTS).func(request)
        _now, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert answer.status_code == status
    assert len(json.loads(answer.content).get("errors", [])) <= 20
    assert most < 50 * MEGABYTE
    assert bills == ["1"]


class Endless(io.RawIOBase):
    """A body without an end; remembers how much of it was read."""

    taken = 0

    def readable(self):
        return True

    def readinto(self, buffer):
        self.taken += len(buffer)
        buffer[:] = b"x" * len(buffer)
        return len(buffer)


def test_f12_what_is_longer_than_it_says_is_read_no_further(shop):  # noqa: F811
    body = Endless()
    request = RequestFactory().post(EVENTS, b"", "application/json")
    request.environ["CONTENT_LENGTH"] = request.META["CONTENT_LENGTH"] = "10"
    request._stream = request.environ["wsgi.input"] = body
    request._read_started = False
    assert resolve(EVENTS).func(request).status_code == 413
    assert body.taken <= LARGEST + 1


@pytest.mark.parametrize("length", ["50000000", "-1", "many", "1e9", "٣"])
def test_f12_a_length_that_is_none_or_too_great_is_refused_unread(length):
    body = Endless()
    request = RequestFactory().post(EVENTS, b"", "application/json")
    request.META["CONTENT_LENGTH"] = length
    request._stream = body
    assert resolve(EVENTS).func(request).status_code == 413
    assert body.taken == 0


@pytest.mark.parametrize(
    ("body", "depth"),
    [
        (b"[" * 40 + b"]" * 40, 40),
        (b'{"a": "' + b"[" * 100 + b'"}' + b"[]" * 40, 1),
        (b'["\\"[[[["]' + b"[]" * 40, 1),
        (b"[]" * 1000, 1),
        (b"[" * DEEPEST, 0),  # not worth looking at
    ],
)
def test_f12_depth_is_counted_outside_of_texts(body, depth):
    assert depth_of(body) == depth

"""f18: thousands of anonymous choices in a minute leave a bounded trace; the rest is told when to come back."""

from __future__ import annotations

import time
from collections import Counter
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from cabinet.consents.actions import PER_MINUTE
from cabinet.consents.models import CookieReceipt
from cabinet.consents.views import choose
from cms_pages.starter.cookies import load_cookies

CHOICES = 2_000  # 10⁵ would differ only in how many are refused, and what is refused writes nothing: see below
ADDRESSES = 20  # so that both bounds are met: an address's 60 a minute, the site's 600
NOON = "2026-11-23T07:00:00Z"


@pytest.fixture
def post(site_ru):
    """Return a function that sends one anonymous choice, as often as one likes; its answer."""
    load_cookies(optional=True)
    factory = RequestFactory(headers={"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"})
    choice = {"banner": 1, "language": "ru", "choice": "accept"}

    def send(number: int):
        address = f"10.0.{number % ADDRESSES if number < CHOICES else number % 256}.1"
        return choose(factory.post("/cookies/choice/", choice, REMOTE_ADDR=address))

    return send


def test_f18_thousands_of_anonymous_choices_are_bounded_and_throttled(post, record_property):
    with time_machine.travel(NOON, tick=False) as clock:
        begun = time.perf_counter()
        answers = [post(number) for number in range(CHOICES)]
        record_property("f18, anonymous choices a second", f"{CHOICES / (time.perf_counter() - begun):.0f}")
        assert Counter(answer.status_code for answer in answers) == {303: PER_MINUTE, 429: CHOICES - PER_MINUTE}
        assert {answer.headers.get("Retry-After") for answer in answers[PER_MINUTE:]} == {"60"}
        assert not any(answer.cookies for answer in answers[PER_MINUTE:])
        assert CookieReceipt.objects.count() == PER_MINUTE
        with CaptureQueriesContext(connection) as asked:
            assert post(CHOICES + 100).status_code == 429  # from an address that has sent none
        assert not [
            query for query in asked if not query["sql"].startswith(("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK"))
        ]
        clock.shift(timedelta(seconds=61))
        assert post(1).status_code == 303
        assert CookieReceipt.objects.count() == PER_MINUTE + 1

"""Whether an address is known cannot be told from status, page or time (trust.md, s08), measured under scrypt."""

from __future__ import annotations

import re
import time

import pytest
from django.contrib.auth.hashers import ScryptPasswordHasher
from django.test import Client

from tests.cabinet.customers.signing_up import LOGIN, SIGN_UP, make_customer
from tests.conftest import PASSWORD
from tests.mailbox import mailbox

RESET, CODE = "/ru/accounts/password/reset/", "/ru/accounts/login/code/"
KNOWN = "aigerim@customer.example"
ROUNDS = 3
PRETENDED = "scrypt$8$a$1$1$a"
# Between the quickest of each, in processor time, to which busy neighbours add little. Hashing a password or not makes
# a factor of ten or more, which no machine's noise hides; how many times it is hashed, the test beside counts.
TOLERANCE = 3

WAYS = {
    "sign in": (LOGIN, "login", {"password": "a wrong guess at it"}),
    "sign up": (SIGN_UP, "email", {"password1": "four words of mine", "first_name": "A"}),
    "reset": (RESET, "email", {}),
    "code": (CODE, "email", {}),
}


@pytest.fixture(autouse=True)
def real_hashing(settings, aigerim):
    """Hash passwords as a real site does, and count no attempts."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
    settings.ACCOUNT_RATE_LIMITS = False
    aigerim.set_password(PASSWORD)
    aigerim.save()
    make_customer(aigerim)


def unknown(number: int) -> str:
    return f"person{number}@customer.example"


def words(answer, email: str) -> str:
    """The page without its token and without what was typed."""
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())
    return page.replace(email, "")


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_s08_status_and_page_are_the_same(way):
    path, field, others = way
    answers = [Client().post(path, {field: email, **others}, follow=True) for email in (KNOWN, unknown(1))]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].redirect_chain == answers[1].redirect_chain
    assert words(answers[0], KNOWN) == words(answers[1], unknown(1))
    assert answers[0].client.cookies.keys() == answers[1].client.cookies.keys()


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_s08_the_median_time_is_the_same(way, record_property, request):
    path, field, others = way
    times: dict[str, list[float]] = {"known": [], "unknown": []}
    for number in range(ROUNDS):
        for kind, email in (("known", KNOWN), ("unknown", unknown(number))):
            begun = time.process_time()
            Client().post(path, {field: email, **others})
            times[kind].append(time.process_time() - begun)
    known, strange = (min(times[kind]) for kind in ("known", "unknown"))
    told = f"{known * 1000:.0f} ms known, {strange * 1000:.0f} ms unknown"
    record_property(f"s08 {request.node.callspec.id}", told)
    assert 1 / TOLERANCE < known / strange < TOLERANCE, told


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_s08_a_password_is_hashed_as_many_times(way, monkeypatch):
    path, field, others = way
    hashed = []
    monkeypatch.setattr(ScryptPasswordHasher, "encode", lambda self, *given, **more: hashed.append(given) or PRETENDED)
    counts = []
    for email in (KNOWN, unknown(1)):
        hashed.clear()
        Client().post(path, {field: email, **others})
        counts.append(len(hashed))
    assert counts[0] == counts[1]
    assert (counts[0] > 0) == ("password" in "".join(others))


def test_s08_a_letter_goes_out_either_way():
    for path, field, others in list(WAYS.values())[1:]:
        for email in (KNOWN, unknown(1)):
            mailbox().clear()
            Client().post(path, {field: email, **others})
            assert [letter.to for letter in mailbox()] == [[email]], (path, email)


def test_s08_a_wrong_code_is_answered_the_same():
    pages = []
    for email in (KNOWN, unknown(1)):
        client = Client()
        client.post(CODE, {"email": email})
        pages.append(words(client.post("/ru/accounts/login/code/confirm/", {"code": "AAAA-BBBB"}), email))
    assert pages[0] == pages[1]

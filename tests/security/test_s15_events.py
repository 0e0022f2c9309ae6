"""s15: an event is taken when it is signed, timely, allowed, whole and new; everything else has its own answer."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.cache import cache
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from cabinet.exchange import intake, keys
from cabinet.exchange.models import Key, ReceivedEvent
from cabinet.exchange.reading import LARGEST
from cabinet.exchange.signing import new_secret
from tests.cabinet.exchange.conftest import bills, registered, shop  # noqa: F401  (fixtures)
from tests.cabinet.exchange.shop import EVENTS, Shop
from tests.conftest import signed_in

BILL = {"number": "7", "amount": "1200.50"}
AT = '"timestamp": "2026-11-26T09:30:00+05:00"'

pytestmark = pytest.mark.usefixtures("bills")


def told(response):
    """The status, the end of the problem's type, and the fields that are named."""
    problem = response.json()
    assert response.headers["Content-Type"] == "application/problem+json"
    assert problem["status"] == response.status_code
    fields = [error["field"] for error in problem.get("errors", [])]
    return response.status_code, problem["type"].rpartition(":")[2], fields


def test_s15_a_signed_event_is_taken_without_session_token_or_store(shop, bills):  # noqa: F811
    response = shop.send("bill.paid", BILL)
    assert (response.status_code, response.json()) == (200, {"id": "evt_1", "outcome": "applied", "reason": ""})
    assert response.headers["Cache-Control"] == "private, no-store"
    assert not response.cookies
    assert bills == ["7"]


def test_s15_an_event_needs_no_form_token_and_reads_no_session(shop, aigerim, django_assert_num_queries, monkeypatch):  # noqa: F811
    monkeypatch.setattr(keys, "FRESH_FOR", 600)
    shop.client = signed_in(aigerim)
    shop.client.handler.enforce_csrf_checks = True
    for number in range(2):  # looks at the keys, and again after it has noted their use
        shop.send("bill.paid", BILL, id=f"evt_{number}")
    with django_assert_num_queries(3):  # the event, between a savepoint and its release
        assert shop.send("bill.paid", BILL, id="evt_3").status_code == 200


def test_s15_the_same_event_again_is_answered_alike_and_does_nothing(shop, bills):  # noqa: F811
    body = json.dumps({"type": "bill.paid", "timestamp": "2026-11-26T09:30:00Z", "data": BILL}).encode()
    first, second = shop.post(body), shop.post(body, at=int(time.time()) - 60)
    assert (first.status_code, first.content) == (second.status_code, second.content)
    assert bills == ["7"] and ReceivedEvent.objects.count() == 1


def test_s15_the_moment_may_be_called_either_way(shop, bills):  # noqa: F811
    for name in ("timestamp", "occurred_at"):
        body = json.dumps({"type": "bill.paid", name: "2026-10-01T09:30:00+05:00", "data": BILL}).encode()
        assert shop.post(body, id=name).status_code == 200
    assert {row.occurred_at.isoformat() for row in ReceivedEvent.objects.all()} == {"2026-10-01T04:30:00+00:00"}


def test_s15_the_same_id_with_another_body_is_a_conflict(shop, bills):  # noqa: F811
    shop.send("bill.paid", BILL)
    assert told(shop.send("bill.paid", {**BILL, "amount": "1.00"})) == (409, "same-id", ["webhook-id"])
    assert bills == ["7"]


@pytest.mark.parametrize(
    "changed",
    [
        {"secret": new_secret()},
        {"at": int(time.time()) - 3600},
        {"at": int(time.time()) + 3600},  # counted when tests are collected
        {"webhook-id": "evt_2"},
        {"webhook-timestamp": "soon"},
        {"webhook-signature": ""},
        {"webhook-signature": "v1,AAAA"},
    ],
    ids=["another secret", "too old", "to come", "another id", "no time", "no signature", "forged"],
)
def test_s15_a_wrong_signature_or_time_is_401(shop, bills, changed):  # noqa: F811
    assert told(shop.send("bill.paid", BILL, **changed)) == (401, "signature", [])
    assert bills == []


def test_s15_without_headers_it_is_401(shop):  # noqa: F811
    assert told(Client().post(EVENTS, b"{}", "application/json")) == (401, "signature", [])


def test_s15_the_signature_is_of_the_raw_bytes(shop):  # noqa: F811
    body = json.dumps({"type": "bill.paid", "timestamp": "2026-11-26T09:30:00Z", "data": BILL}).encode()
    headers = shop.headers(body, "evt_1", int(time.time()))
    same = json.dumps(json.loads(body), indent=1).encode()
    assert shop.client.post(EVENTS, same, "application/json", headers=headers).status_code == 401


def test_s15_both_secrets_are_live_while_rotating_and_then_one(shop, bills):  # noqa: F811
    _key, fresh = keys.rotate(shop.key)
    for number, secret in enumerate((shop.secret, fresh)):
        assert shop.send("bill.paid", BILL, id=f"evt_{number}", secret=secret).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        keys.look_again()
        assert shop.send("bill.paid", BILL, id="evt_3").status_code == 401
        assert shop.send("bill.paid", BILL, id="evt_3", secret=fresh).status_code == 200
    assert len(bills) == 3


def test_s15_a_revoked_key_signs_nothing(shop):  # noqa: F811
    keys.revoke(shop.key)
    assert shop.send("bill.paid", BILL).status_code == 401


def test_s15_a_secret_is_sealed_and_its_last_use_known_to_the_hour(shop):  # noqa: F811
    assert shop.secret not in str(Key.objects.values().get())
    shop.send("bill.paid", BILL)
    used = Key.objects.get().last_used_at
    shop.send("bill.paid", BILL, id="evt_2")
    assert used is not None and Key.objects.get().last_used_at == used


@pytest.mark.parametrize(
    ("scopes", "status"),
    [(["*"], 200), (["bill.*"], 200), (["bill.paid"], 200), (["bill.lost"], 403), (["order.*", "bil.*"], 403)],
)
def test_s15_a_key_may_send_what_its_scopes_name(db, scopes, status):
    assert Shop(*scopes).send("bill.paid", BILL).status_code == status


def test_s15_out_of_scope_is_told_before_whether_the_type_is_known(db):
    assert told(Shop("order.*").send("bill.forged", BILL)) == (403, "scope", ["type"])


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"", ""),
        (b"not json", ""),
        (b"[]", ""),
        (b'"text"', ""),
        (b"\xff\xfe", ""),
        (b'\xef\xbb\xbf{"type": "bill.paid"}', ""),
        (b'{"type": "bill.paid", "type": "bill.lost"}', "type"),
        (f'{{"type": "bill.lost", {AT}, "data": {{"number": "1", "number": "2"}}}}'.encode(), "number"),
        (f'{{"type": "bill.lost", {AT}, "data": {{"number": NaN}}}}'.encode(), "data"),
        (f'{{"type": "bill.lost", {AT}, "data": {{"number": 1e999}}}}'.encode(), "data"),
        (f'{{"type": "bill.lost", {AT}, "data": {{"number": {"9" * 5000}}}}}'.encode(), "data"),
        (f'{{"type": "bill.lost", {AT}, "data": {{"number": {2**63}}}}}'.encode(), "data"),
        (f'{{"type": "bill.lost", {AT}, "data": {{"number": "a\\u0000"}}}}'.encode(), "data"),
        (f'{{"type": "bill.lost", {AT}, "data": {{"number": "a\\ud800"}}}}'.encode(), "data"),
        (f'{{"type": "bill.lost", {AT}, "data": {{"number": "1"}}, "more": 1}}'.encode(), "more"),
        (f'{{"type": "bill.lost", {AT}, "data": {{"number": "1", "more": 1}}}}'.encode(), "data.more"),
        (f'{{"type": "bill.lost", {AT}, "data": {{}}}}'.encode(), "data.number"),
        (f'{{"type": "bill.lost", {AT}, "data": []}}'.encode(), "data"),
        (f'{{"type": 7, {AT}, "data": {{}}}}'.encode(), "type"),
        (b'{"type": "bill.lost", "data": {"number": "1"}}', "timestamp"),
        (f'{{"type": "bill.lost", {AT}, "occurred_at": "2026-11-26T09:30:00Z", "data": {{}}}}'.encode(), "timestamp"),
        (b'{"type": "bill.lost", "occurred_at": "yesterday", "data": {"number": "1"}}', "occurred_at"),
        (b'{"type": "bill.lost", "timestamp": 1764131400, "data": {"number": "1"}}', "timestamp"),
    ],
)
def test_s15_what_is_wrong_is_422_with_the_field(shop, bills, body, field):  # noqa: F811
    assert told(shop.post(body)) == (422, "content", [field])
    assert bills == [] and not ReceivedEvent.objects.exists()


def test_s15_an_unknown_type_is_422(shop):  # noqa: F811
    assert told(shop.send("bill.forged", BILL)) == (422, "unknown-type", ["type"])


def test_s15_an_id_that_is_none_is_422(shop):  # noqa: F811
    assert told(shop.send("bill.paid", BILL, id="aigerim@customer.example")) == (422, "content", ["webhook-id"])


def test_s15_no_answer_repeats_what_stood_in_a_field(shop):  # noqa: F811
    response = shop.send("bill.paid", {"number": "Aigerim " * 10, "amount": "many"})
    assert told(response)[2] == ["data.number", "data.amount"]
    assert "Aigerim" not in response.text and "many" not in response.text


def test_s15_too_large_is_413_before_anything_is_read(shop):  # noqa: F811
    assert told(shop.post(b" " * (LARGEST + 1))) == (413, "too-large", [])
    assert shop.post(b" " * LARGEST).status_code == 422


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete", "head", "options"])
def test_s15_other_methods_are_405(visitor, db, method):
    assert getattr(visitor, method)(EVENTS).status_code == 405


def test_s15_too_many_wrong_signatures_are_asked_to_wait_and_right_ones_never(shop, bills):  # noqa: F811
    statuses = [shop.send("bill.paid", BILL, secret=new_secret()).status_code for _each in range(32)]
    assert statuses == [401] * 30 + [429] * 2
    assert shop.send("bill.paid", BILL, secret=new_secret()).headers["Retry-After"] == "60"
    assert shop.send("bill.paid", BILL).status_code == 200


def test_s15_without_the_cache_a_wrong_signature_is_still_401(shop, monkeypatch):  # noqa: F811
    monkeypatch.setattr(cache, "get", lambda *args, **kwargs: 1 / 0)
    assert shop.send("bill.paid", BILL, secret=new_secret()).status_code == 401


@pytest.mark.parametrize(("error", "status"), [(OperationalError("away"), 503), (KeyError("Aigerim"), 500)])
def test_s15_what_we_cannot_do_is_told_as_ours_and_can_be_repeated(shop, monkeypatch, error, status):  # noqa: F811
    def fail(*args):
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(intake, "once", fail)
        response = shop.send("bill.paid", BILL)
    assert told(response)[0] == status and "Aigerim" not in response.text
    assert shop.send("bill.paid", BILL).status_code == 200


def test_s15_signatures_are_compared_in_constant_time():
    source = Path(intake.__file__).with_name("signing.py").read_text()
    assert "hmac.compare_digest" in source and "== right" not in source


def test_s15_a_zone_that_no_country_has_is_a_moment_all_the_same(db):
    event = {"type": "bill.paid", "timestamp": "2026-11-26T09:30:00-19:54", "data": BILL}
    assert Shop("*").post(json.dumps(event).encode()).status_code == 200  # PostgreSQL knows zones up to sixteen hours

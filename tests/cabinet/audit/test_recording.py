"""An event is written whole with what it belongs to, or nothing of it is."""

from __future__ import annotations

import hashlib
import json
import logging
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction

from cabinet.audit import recording
from cabinet.audit.chain import GENESIS, AuditError
from cabinet.audit.models import Event, Payload
from cabinet.audit.recording import record, record_read

AIGERIM = UUID("0b7e4d0e-51d4-4c0e-9b8f-6c5d2f1f7a10")


def test_events_follow_each_other(db):
    record("customers.profile.changed", subject=AIGERIM, actor="aigerim_1", city="Алматы")
    record("audit.trial.begun")
    first, second = Event.objects.order_by("sequence")
    assert (first.sequence, first.previous, second.sequence, second.previous) == (1, GENESIS, 2, first.hash)
    assert (first.subject, first.actor, second.subject, second.actor) == (str(AIGERIM), "aigerim_1", "", "")
    assert first.tells() == {"city": "Алматы"} and second.tells() == {}


def test_the_hashes_can_be_computed_without_us(db):
    with time_machine.travel(datetime(2026, 11, 26, 7, 30, tzinfo=UTC), tick=False):
        record("customers.profile.changed", subject=AIGERIM, actor="aigerim_1", city="Алматы", at=1.5)
    event, payload = Event.objects.get(), Payload.objects.get()
    assert payload.text == '{"at":1.5,"city":"Алматы"}'
    commitment = hashlib.sha256(bytes.fromhex(payload.salt) + payload.text.encode()).hexdigest()
    facts = [1, "2026-11-26T07:30:00.000000+00:00", event.name, "aigerim_1", str(AIGERIM), commitment, "0" * 64]
    words = json.dumps(facts, ensure_ascii=False, separators=(",", ":"))
    assert event.hash == hashlib.sha256(words.encode()).hexdigest()


def test_equal_payloads_have_unequal_commitments(db):
    record("audit.trial.begun", city="Алматы")
    record("audit.trial.begun", city="Алматы")
    assert Event.objects.values("commitment").distinct().count() == 2


@pytest.mark.parametrize(
    "name", ["", "changed", "Customers.changed", "customers..changed", "a.b.c.d.e", "a b.c", "customers.changed\n"]
)
def test_a_name_is_dotted(db, name):
    with pytest.raises(AuditError, match="dotted words"), transaction.atomic():
        record(name)
    with pytest.raises(AuditError), transaction.atomic():
        record("a." + "b" * 99)
    assert not Event.objects.exists()


@pytest.mark.parametrize("actor", ["aigerim@customer.example", "+77011234567", "Айгерим", "a b", "a" * 41, None])
def test_an_actor_is_a_public_id_and_never_an_address(db, actor):
    with pytest.raises(AuditError) as told, transaction.atomic():
        record("customers.profile.changed", actor=actor)
    assert str(told.value) == ("customers.profile.changed: the actor must be a public id, never an address or a name.")


@pytest.mark.parametrize("subject", [str(AIGERIM), 7, "aigerim@customer.example"])
def test_a_subject_is_a_uuid(db, subject):
    with pytest.raises(AuditError, match="the subject must be the person's UUID"), transaction.atomic():
        record("customers.profile.changed", subject=subject)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (date(2000, 1, 1), "city holds a date"),
        ({"deep": [1, {"er": AIGERIM}]}, r"city\.deep\[1\]\.er holds a UUID"),
        ({1: "one"}, "a key of city is no text, but a int"),
        (float("nan"), "city holds a float"),
        (float("-inf"), "city holds a float"),
        ("\ud800", "city holds a str"),
        (b"bytes", "city holds a bytes"),
        ({"Almaty"}, "city holds a set"),
    ],
)
def test_what_is_no_json_is_refused_by_its_place_and_type(db, value, told):
    with pytest.raises(AuditError, match=told), transaction.atomic():
        record("customers.profile.changed", city=value)
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    "value", ["", "\x00", "\u202e", "ә" * 10_000, "👨‍👩‍👧", 10**40, -0.0, 1e300, True, None, [], {}, (1, [2]), '"\\/']
)
def test_f13_all_that_is_json_comes_back_and_verifies(db, value):
    from cabinet.audit.verifying import verify_chain

    record("customers.profile.changed", value=value)
    assert Event.objects.get().tells()["value"] == (list(value) if isinstance(value, tuple) else value)
    assert verify_chain([]).sequence == 1


def test_s23_a_failing_append_takes_the_callers_work_along(committed_db, make_user, monkeypatch):
    monkeypatch.setattr(recording, "append", fail)
    with pytest.raises(DatabaseError), transaction.atomic():
        make_user("lost@customer.example")
        record("customers.account.made")
    assert not is_there("lost@customer.example")


def test_s23_also_when_the_caller_goes_on(committed_db, make_user):
    with transaction.atomic():
        make_user("lost@customer.example")
        with pytest.raises(AuditError):
            record("not dotted")
    assert not is_there("lost@customer.example")


def test_an_event_goes_with_the_work_that_was_rolled_back(db):
    with pytest.raises(RuntimeError), transaction.atomic():
        record("customers.account.made")
        raise RuntimeError
    record("customers.account.made")
    assert [event.sequence for event in Event.objects.all()] == [1]


def fail(*args):
    raise DatabaseError


def is_there(email):
    from cabinet.customers.models import User

    return User.objects.filter(email=email).exists()


@pytest.mark.parametrize("missing", ["reader", "what", "reason"])
def test_s19_no_reader_or_reason_no_read(db, missing):
    words = {"reader": "timur_1", "what": "address", "reason": "The courier asks.", missing: ""}
    with pytest.raises(AuditError), transaction.atomic():
        record_read(subject=AIGERIM, **words)
    assert not Event.objects.exists()


def test_an_append_costs_the_same_queries_however_long_the_chain(db, django_assert_num_queries):
    wanted = 3 if connection.vendor == "sqlite" else 4  # the last event, the two rows; PostgreSQL's turn
    for _number in range(3):
        with django_assert_num_queries(wanted):
            record("customers.profile.changed", subject=uuid4(), city="Almaty")


def test_sqlite_does_not_walk_the_chain_for_each_append(db):
    if connection.vendor != "sqlite":
        pytest.skip("The trigger against REPLACE is SQLite's.")
    few = steps_of_an_append()
    for _number in range(300):
        record("audit.trial.begun")
    assert steps_of_an_append() < few * 2


def steps_of_an_append():
    """How many tens of steps of its machine SQLite takes."""
    steps = []
    connection.connection.set_progress_handler(lambda: steps.append(1) and None, 10)
    record("audit.trial.begun")
    connection.connection.set_progress_handler(None, 0)
    return len(steps)


def test_s20_nothing_of_a_payload_is_logged_or_shown_by_name(db, caplog):
    caplog.set_level(logging.DEBUG)
    record("customers.profile.changed", subject=AIGERIM, city="canary-7f3a")
    with pytest.raises(AuditError) as told, transaction.atomic():
        record("customers.profile.changed", city=["canary-7f3a", date.today()])
    shown = [str(told.value), repr(Event.objects.get()), str(Event.objects.get()), str(Payload.objects.get())]
    ours = [line.getMessage() for line in caplog.records if line.name != "django.db.backends"]
    assert "canary" not in "".join([*shown, *ours])

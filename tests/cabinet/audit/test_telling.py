"""What the log tells a person: what happened, who on staff looked; and how it forgets."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest
import time_machine

from cabinet.audit.append_only import AppendOnlyError
from cabinet.audit.forgetting import forget
from cabinet.audit.models import Event, Payload
from cabinet.audit.recording import record, record_read
from cabinet.audit.telling import Look, history_of, reads_of

AIGERIM, BORIS = uuid4(), uuid4()
NOON = datetime(2026, 11, 26, 7, tzinfo=UTC)  # in Almaty


@pytest.fixture
def told(db):
    record("customers.profile.changed", subject=AIGERIM, actor="aigerim_1", fields=["city"])
    with time_machine.travel(NOON, tick=False):
        record_read(reader="timur_1", subject=AIGERIM, what="address", reason="The courier asks.")
    record("customers.profile.changed", subject=BORIS, actor="boris_1", fields=["phone"])
    record_read(reader="saule_1", subject=AIGERIM, what="birth date", reason="Request 12")
    record_read(reader="saule_1", subject=BORIS, what="phone", reason="Request 13")


def test_aigerim_sees_what_happened_to_her_the_newest_first_in_one_query(told, django_assert_num_queries):
    with django_assert_num_queries(1):
        history = history_of(AIGERIM)
    assert [(one.name, one.actor) for one in history] == [
        ("audit.person.read", "saule_1"),
        ("audit.person.read", "timur_1"),
        ("customers.profile.changed", "aigerim_1"),
    ]
    assert history[2].payload == {"fields": ["city"]}
    assert [one.sequence for one in history_of(AIGERIM, limit=2)] == [4, 2]


def test_aigerim_sees_who_looked_at_what_and_why_in_one_query(told, django_assert_num_queries):
    with django_assert_num_queries(1):
        newest, oldest = reads_of(AIGERIM)
    assert oldest == Look("timur_1", "address", "The courier asks.", NOON)
    assert (newest.reader, newest.what, newest.reason) == ("saule_1", "birth date", "Request 12")
    assert reads_of(AIGERIM, limit=1) == [newest]


def test_nobody_is_told_of_somebody_without_events(told):
    assert history_of(uuid4()) == reads_of(uuid4()) == []


def test_forgetting_aigerim_leaves_the_rest(told):
    assert (forget(AIGERIM), forget(AIGERIM)) == (3, 0)
    assert [one.payload for one in history_of(AIGERIM)] == [{}, {}, {}]
    assert (reads_of(AIGERIM)[0].what, reads_of(AIGERIM)[0].reader) == ("", "saule_1")
    assert [one.what for one in reads_of(BORIS)] == ["phone"]


def test_forgetting_is_one_query(told, django_assert_num_queries):
    with django_assert_num_queries(1):
        forget(AIGERIM)


def test_an_event_cannot_go_under_its_payload(told):
    with pytest.raises(AppendOnlyError):
        Event.objects.first().delete()
    assert (Event.objects.count(), Payload.objects.count()) == (5, 5)

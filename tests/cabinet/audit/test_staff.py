"""Privacy officers read what happened and when, under pseudonyms; never what an event tells."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cabinet.audit.models import Event
from cabinet.audit.recording import record

LIST = "/admin/reports/events/"
AIGERIM, BORIS = UUID(int=0xA), UUID(int=0xB)


@pytest.fixture
def officer(officer_client, saule):
    """Saule, who may see events."""
    saule.user_permissions.add(*Permission.objects.filter(codename__in=["access_admin", "view_event"]))
    return officer_client


@pytest.fixture
def events(db):
    with time_machine.travel(datetime(2026, 11, 20, 18, 59, tzinfo=UTC), tick=False):  # 23:59 in Almaty
        record("customers.profile.changed", subject=AIGERIM, actor="aigerim_1", city="canary-7f3a")
    with time_machine.travel(datetime(2026, 11, 20, 19, 0, tzinfo=UTC), tick=False):
        record("consents.consent.withdrawn", subject=BORIS, actor="boris_1", purpose="canary-7f3a")
    record("audit.trial.begun")


def listed(client, **query):
    return [event.sequence for event in client.get(LIST, query).context["object_list"]]


def test_the_list_shows_pseudonyms_and_nothing_of_a_payload(officer, events):
    page = officer.get(LIST).content.decode()
    for words in ("customers.profile.changed", str(AIGERIM), "aigerim_1", "20.11.2026 23:59"):
        assert words in page
    assert "canary" not in page


def test_the_newest_comes_first(officer, events):
    assert listed(officer) == [3, 2, 1]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "withdrawn"}, [2]),
        ({"subject": str(AIGERIM)}, [1]),
        ({"subject": str(AIGERIM).upper().replace("-", "")}, [1]),
        ({"actor": "boris_1"}, [2]),
        ({"day_from": "20.11.2026", "day_to": "20.11.2026"}, [1]),
        ({"day_from": "21.11.2026", "day_to": "21.11.2026"}, [2]),
        ({"day_to": "21.11.2026"}, [2, 1]),
        ({"day_to": "31.12.9999"}, [3, 2, 1]),
        ({"day_from": "01.01.0001"}, [3, 2, 1]),
        ({"subject": "nobody"}, [3, 2, 1]),
    ],
)
def test_the_list_is_narrowed_down_by_the_shops_day_by_person_and_name(officer, events, query, found):
    assert listed(officer, **query) == found


def test_one_event_is_shown_with_its_hashes(officer, events):
    page = officer.get(f"{LIST}inspect/1/").content.decode()
    event = Event.objects.get(sequence=1)
    for words in (event.hash, event.previous, event.commitment, str(AIGERIM), "23:59:00"):
        assert words in page
    assert "canary" not in page


def test_the_list_takes_the_same_queries_however_many_events(officer, events):
    officer.get(LIST)
    few = queries_of(officer)
    for _number in range(30):
        record("customers.profile.changed", subject=AIGERIM)
    assert queries_of(officer) == few


def queries_of(client):
    with CaptureQueriesContext(connection) as queries:
        client.get(LIST)
    return len(queries)


def test_nobody_can_be_given_leave_to_change_events():
    assert Event._meta.default_permissions == ("view",)

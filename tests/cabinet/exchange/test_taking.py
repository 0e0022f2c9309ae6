"""An event is taken once, whole or not at all."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import connection
from ninja import Schema

from cabinet.exchange.handlers import Data, Moment, Outcome, Received, Refused, handles
from cabinet.exchange.intake import SameIdOtherBody, UnknownType, WrongContent, take
from cabinet.exchange.models import ReceivedEvent

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


class Line(Data):
    title: str
    price: Decimal
    count: int = 1


class Paid(Data):
    number: str
    at: Moment
    lines: list[Line] = []


GOOD = {"number": "7", "at": "2026-11-26T12:00:00+05:00", "lines": [{"title": "Caviar", "price": "1200.50"}]}


@pytest.fixture
def paid(registered):
    """What the handler of bill.paid was told."""
    told = []

    @handles("bill.paid")
    def bill_paid(data: Paid, event: Received) -> Outcome | None:
        told.append((data, event))
        if data.number == "gone":
            return Outcome.QUARANTINED.because("person_erased")
        if data.number == "unknown":
            raise Refused("number", "There is no such bill.")
        return None

    return told


def taken(event_id="evt_1", data=GOOD, sha="a" * 64, source="shop", type_="bill.paid"):
    return take(source, event_id, type_, NOON, data, sha)


def test_a_handler_is_told_the_content_and_the_event(db, paid):
    assert taken().outcome == "applied"
    ((data, event),) = paid
    assert data.lines[0].price == Decimal("1200.50")
    assert event == Received("evt_1", "bill.paid", NOON, "shop")


def test_a_repeat_gets_the_same_answer_and_no_second_effect(db, paid):
    first, second = taken(), taken()
    assert (first.outcome, first.event_id) == (second.outcome, second.event_id)
    assert second.is_repeat and len(paid) == 1


def test_the_same_id_with_another_body_is_refused(db, paid):
    taken()
    with pytest.raises(SameIdOtherBody):
        taken(sha="b" * 64)
    assert len(paid) == 1


def test_two_shop_engines_may_use_the_same_id(db, paid):
    taken()
    assert not taken(source="woocommerce").is_repeat


def test_a_quarantined_event_keeps_its_reason_and_nothing_else(db, paid):
    assert taken(data={**GOOD, "number": "gone"}).outcome == "quarantined"
    row = ReceivedEvent.objects.values().get()
    assert (row["outcome"], row["reason"]) == ("quarantined", "person_erased")
    assert not any("Caviar" in str(value) for value in row.values())
    assert taken(data={**GOOD, "number": "gone"}).reason == "person_erased"


def test_an_unknown_type_is_refused(db, paid):
    with pytest.raises(UnknownType):
        taken(type_="bill.lost")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"number": 7}, "data.number"),
        ({"colour": "red"}, "data.colour"),
        ({"at": "0"}, "data.at"),
        ({"at": "2026-11-26T12:00:00"}, "data.at"),
        ({"at": "0001-01-01T00:00:00+14:00"}, "data.at"),
        ({"at": "2026-13-26T12:00:00Z"}, "data.at"),
        ({"lines": [{"title": "Caviar"}]}, "data.lines.0.price"),
        ({"lines": [{"title": "Caviar", "price": "1", "count": "2"}]}, "data.lines.0.count"),
        ({"number": "a\0b"}, "data"),
        ({"number": "a\ud800b"}, "data"),
        ({"number": "unknown"}, "data.number"),
    ],
)
def test_what_is_wrong_is_named_by_its_field_and_not_repeated(db, paid, changed, field):
    with pytest.raises(WrongContent) as refused:
        taken(data={**GOOD, **changed})
    assert [name for name, _message in refused.value.faults] == [field]
    assert not ReceivedEvent.objects.exists()


def test_after_a_refusal_the_same_id_may_come_again_mended(db, paid):
    with pytest.raises(WrongContent):
        taken(data={**GOOD, "number": "unknown"})
    assert taken(sha="c" * 64).outcome == "applied"


@pytest.mark.parametrize("event_id", ["", "a" * 129, "aigerim@customer.example", "a b", "a\n"])
def test_an_id_that_is_none_is_refused(db, paid, event_id):
    with pytest.raises(WrongContent):
        taken(event_id)


def test_what_a_handler_cannot_do_takes_back_the_event(db, registered):
    @handles("bill.paid")
    def broken(data: Paid, event: Received) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        taken()
    assert not ReceivedEvent.objects.exists()


def test_a_type_is_handled_once(paid):
    with pytest.raises(ValueError, match="already"):

        @handles("bill.paid")
        def another(data: Paid, event: Received) -> None: ...


def test_a_schema_that_takes_unknown_fields_is_no_schema(registered):
    class Open(Data, extra="ignore"):
        number: str

    class Outer(Data):
        inner: Open

    class Ninjas(Schema):
        number: str

    for schema in (Open, Outer, Ninjas):

        def handler(data, event): ...

        handler.__annotations__ = {"data": schema}
        with pytest.raises(TypeError):
            handles("bill.sent")(handler)


def test_a_reason_is_a_code():
    with pytest.raises(ValueError, match="code"):
        Outcome.QUARANTINED.because("Aigerim was erased")


def test_i2_two_workers_with_one_event_have_one_effect(committed_db, registered):
    barrier, told, outcomes = threading.Barrier(4), [], []

    @handles("bill.paid")
    def bill_paid(data: Paid, event: Received) -> None:
        told.append(event.id)

    def work():
        barrier.wait(timeout=10)
        try:
            outcomes.append(taken())
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _each in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=30)
    assert [one.outcome for one in outcomes] == ["applied"] * 4
    assert sorted(one.is_repeat for one in outcomes) == [False, True, True, True]
    assert told == ["evt_1"]
    assert ReceivedEvent.objects.count() == 1


def test_taking_costs_one_insert(db, paid, django_assert_num_queries):
    with django_assert_num_queries(3):  # the event between a savepoint and its release
        taken()

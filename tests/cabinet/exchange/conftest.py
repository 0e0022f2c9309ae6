"""Handlers for tests: two types of events and what they leave behind."""

from __future__ import annotations

from decimal import Decimal

import pytest
from pydantic import Field

from cabinet.exchange.handlers import Data, Moment, Outcome, Received, handlers, handles
from cabinet.exchange.keys import look_again
from cabinet.exchange.sending import owed, sent
from tests.cabinet.exchange.shop import Shop


@pytest.fixture
def registered():
    """Let a test register types; afterwards they are unknown again."""
    known, told, due = dict(handlers), dict(sent), set(owed)
    look_again()  # another test's keys may be kept ready
    yield
    for registry, before in ((handlers, known), (sent, told)):
        registry.clear()
        registry.update(before)
    owed.intersection_update(due)


class Bill(Data):
    """A bill was paid."""

    number: str = Field(max_length=20)
    amount: Decimal = Field(max_digits=12, decimal_places=2)
    paid_at: Moment | None = None
    lines: list[str] = Field(default=[], max_length=100)


class Lost(Data):
    """A bill was lost."""

    number: str = Field(max_length=20)


@pytest.fixture
def bills(registered):
    """The bills that the handlers of bill.paid and bill.lost were told of."""
    told = []

    @handles("bill.paid")
    def paid(data: Bill, event: Received) -> Outcome | None:
        told.append(data.number)
        return Outcome.QUARANTINED.because("person_erased") if data.number == "gone" else None

    @handles("bill.lost")
    def lost(data: Lost, event: Received) -> None:
        told.append(data.number)

    return told


@pytest.fixture
def shop(database):
    return Shop()

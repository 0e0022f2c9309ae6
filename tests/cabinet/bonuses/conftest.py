"""Aigerim with a bonus account that the shop engine knows, and a way to tell events of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count

import pytest
from django.utils import timezone

from cabinet.bonuses.actions import move
from cabinet.bonuses.models import Account, Kind, Movement
from cabinet.customers.linking import link
from cabinet.exchange.intake import take
from tests.cabinet.consents.conftest import agree, composed, policy, shop  # noqa: F401 (fixtures)

NOON = datetime(2026, 11, 26, 7, tzinfo=UTC)  # in Almaty


@pytest.fixture
def member(aigerim, agree):  # noqa: F811
    """Aigerim, who agreed to a bonus account and whom the shop engine calls C-17."""
    agree(aigerim, "bonuses")
    link(source="shop", external_id="C-17", customer=aigerim.customer)
    return aigerim.customer


@pytest.fixture
def told():
    """Return a function by which the shop engine tells an event; what became of it."""
    number = count(1)

    def act(type_, amount="100.00", event_id="", at=NOON, source="shop", **data):
        content = {"customer": {"id": "C-17"}, "reason": "Order 1042", "amount": amount, **data}
        return take(source, event_id or f"evt_{next(number)}", f"bonus.{type_}", at, content, "0" * 64)

    return act


@pytest.fixture
def add():
    """Return a function that adds a movement as the shop engine would; days are counted from today."""
    number = count(1)

    def act(customer, amount, days=0, valid=None, **facts):
        kind = Kind.ACCRUED if Decimal(amount) > 0 else Kind.SPENT
        now = timezone.now()
        expires_at = None if valid is None else now + timedelta(days=valid)
        facts = {"kind": kind, "occurred_at": now + timedelta(days=days), "expires_at": expires_at, **facts}
        return move(customer=customer, source="shop", event_id=f"add_{next(number)}", amount=Decimal(amount), **facts)

    return act


def balance(customer):
    """What is kept, which must be what the movements come to."""
    kept = Account.objects.get(customer=customer).balance
    assert kept == sum(Movement.objects.filter(customer=customer).values_list("amount", flat=True))
    return kept

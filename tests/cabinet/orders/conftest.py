"""A shop engine that tells of orders, and whose they are."""

from __future__ import annotations

import itertools
import json
from datetime import datetime, timedelta
from hashlib import sha256

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from cabinet.customers.linking import link
from cabinet.exchange.intake import take
from cabinet.orders.models import Order
from tests.cabinet.consents.conftest import policy, shop  # noqa: F401 (fixtures)

AT = datetime(2026, 3, 2, 9, 30, tzinfo=timezone.get_default_timezone())
CAVIAR = {"name": "Икра осетровая, 50 г", "sku": "CAV-50", "quantity": "2", "price": "24500.00", "cost": "49000.00"}
FISH = {"name": "Balyq", "product_class": "fresh", "quantity": "0.350", "price": "9900", "cost": "3465.00"}
ORDER = {
    "number": "1001",
    "currency": "KZT",
    "lines": [CAVIAR, FISH],
    "delivery_cost": "1500.00",
    "discount": "465.00",
    "total": "53500.00",
    "contact": {"name": "Aigerim", "phone": "+77011234567", "email": "aigerim@customer.example", "language": "ru"},
    "address": {"city": "Almaty", "street": "Abai, 10", "apartment": "14", "postcode": "050010"},
}
ids = itertools.count()


def order(**changes):
    """Return what an order.placed says."""
    return {**ORDER, **changes}


def hours(count):
    """Return the moment so many hours after the order."""
    return AT + timedelta(hours=count)


@pytest.fixture
def tell(database):
    """Return a function by which the shop engine tells an event; what became of it."""

    def act(type_, data=None, at=AT, source="shop", event_id=None):
        data = order() if data is None else data if type_.startswith("customer.") else {"number": "1001"} | data
        body = sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()
        return take(source, event_id or f"evt-{next(ids)}", type_, at, data, body)

    return act


@pytest.fixture
def linked(aigerim):
    """Aigerim, whom the shop engine knows as C-17 and who has said so in the cabinet."""
    link(source="shop", external_id="C-17", customer=aigerim.customer)
    return aigerim


@pytest.fixture
def hers(tell, linked):
    """An order of Aigerim's, just placed."""
    tell("order.placed", order(customer={"id": "C-17"}))
    return Order.objects.get()


@pytest.fixture
def verified(aigerim):
    """Aigerim, who has shown that her e-mail is hers."""
    EmailAddress.objects.create(user=aigerim, email=aigerim.email, verified=True, primary=True)
    return aigerim

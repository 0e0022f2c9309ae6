"""What the page of one order shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone

from cabinet.customers.marks import subjects_of
from cabinet.orders.models import Line, Order, OrderPerson, Refund, Status
from cabinet.orders.money import measure, tenge


@dataclass(frozen=True)
class Reached:
    """A status in the course of an order."""

    title: Any
    at: datetime
    is_now: bool


@dataclass(frozen=True)
class Thing:
    """A line of an order."""

    line: Line

    @property
    def quantity(self) -> str:
        """Return how much of it."""
        return measure(self.line.quantity)

    @property
    def price(self) -> str:
        """Return what one costs."""
        return tenge(self.line.price)

    @property
    def discount(self) -> str:
        """Return what was taken off; empty for nothing."""
        return tenge(self.line.discount) if self.line.discount else ""

    @property
    def cost(self) -> str:
        """Return what all of it costs."""
        return tenge(self.line.cost)


@dataclass(frozen=True)
class MoneyBack:
    """A refund, by its state alone."""

    refund: Refund

    @property
    def amount(self) -> str:
        """Return how much."""
        return tenge(self.refund.amount)

    @property
    def at(self) -> datetime:
        """Return since when its state holds."""
        return self.refund.settled_at or self.refund.requested_at


@dataclass(frozen=True)
class Told:
    """What a room above tells of an order, and where to read on."""

    words: str
    url: str


Deed = Callable[[Order], Told | None]
_tellers: list[Deed] = []


def tells(deed: Deed) -> Deed:
    """Have this asked for each order whose page is shown."""
    if deed not in _tellers:
        _tellers.append(deed)
    return deed


def whole(order: Order, customer: Any) -> dict[str, Any]:
    """Return what the page needs, in six queries at the most, whatever is in the order."""
    things = [Thing(line) for line in order.lines.all()]
    goods = sum((thing.line.cost for thing in things), Decimal(0))
    return {
        "order": order,
        "things": things,
        "goods": tenge(goods),
        "delivery": tenge(order.delivery_cost) if order.delivery_cost else "",
        "discount": tenge(order.discount) if order.discount else "",
        "total": tenge(order.total),
        "course": course(order),
        "person": person_of(order),
        "refunds": [MoneyBack(refund) for refund in order.refunds.all()],
        "may_object": bool(order.objections_until and order.objections_until > timezone.now()),
        "told": [found for deed in _tellers if (found := deed(order))],
        "consent_url": consent_url(order, customer),
    }


def course(order: Order) -> list[Reached]:
    """Return each status with when it was reached, the first at the top."""
    steps = [(step.status, step.occurred_at) for step in order.steps.all() if step.status != Status.PLACED]
    passed = [(str(Status.PLACED), order.placed_at), *steps]
    labels = dict(Status.choices)
    here = (order.status, order.status_at)
    return [Reached(labels[status], at, (status, at) == here) for status, at in passed]


def person_of(order: Order) -> OrderPerson | None:
    """Return to whom and where the order goes; None where that is gone."""
    return getattr(order, "person", None)


def consent_url(order: Order, customer: Any) -> str:
    """Return where the consent stands on which the order rests; empty where there is none of the customer's."""
    receipt = order.consent
    if receipt is None or receipt.subject not in subjects_of(customer):
        return ""
    return reverse("consent", args=[receipt.public_id])

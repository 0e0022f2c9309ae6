"""How far an order is: the same whatever the order in which its steps become known (trust.md, f11)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from cabinet.orders.models import ENDED, Order, Status, Step
from cabinet.orders.terms import objections_until, tax_until

RANK = {status: rank for rank, status in enumerate(Status)}
FINAL = {Status.RETURNED, Status.CANCELLED}  # after these nothing happens any more


@dataclass(frozen=True)
class Reached:
    """How far an order has come."""

    status: str
    since: datetime
    delivered_at: datetime | None = None
    ended_at: datetime | None = None

    def after(self, status: str, at: datetime) -> Reached:
        """Return how far it is after a step; the same where that step leads back."""
        if not may_follow(self.status, status):
            return self
        delivered_at = at if status == Status.DELIVERED else self.delivered_at
        ended_at = self.ended_at or (at if status in ENDED else None)
        return replace(self, status=status, since=at, delivered_at=delivered_at, ended_at=ended_at)


def may_follow(status: str, following: str) -> bool:
    """Say whether an order goes from one status to another: on, never back; what was delivered can only return."""
    if status == Status.DELIVERED:
        return following == Status.RETURNED
    return status not in FINAL and RANK[Status(following)] > RANK[Status(status)]


def reached(placed_at: datetime, steps: Iterable[tuple[str, datetime]]) -> Reached:
    """Return how far the steps lead, in the order in which they happened."""
    found = Reached(Status.PLACED, placed_at)
    for status, at in sorted(steps, key=lambda step: (step[1], RANK[Status(step[0])])):
        found = found.after(status, at)
    return found


def step(order: Order, status: str, at: datetime) -> None:
    """Note a step of a locked order and reckon anew what follows from it; twice is once."""
    Step.objects.get_or_create(order=order, status=status, occurred_at=at)
    settle(order)


def settle(order: Order) -> None:
    """Reckon status and terms of a locked order from its goods and steps."""
    found = reached(order.placed_at, order.steps.order_by().values_list("status", "occurred_at"))
    order.status, order.status_at = found.status, found.since
    order.delivered_at, order.ended_at = found.delivered_at, found.ended_at
    order.tax_until = tax_until(order.placed_at)
    classes = order.lines.order_by().values_list("product_class", flat=True).distinct() if found.delivered_at else ()
    order.objections_until = objections_until(found.delivered_at, classes) if found.delivered_at else None
    order.save(update_fields=["status", "status_at", "delivered_at", "ended_at", "tax_until", "objections_until"])

"""Bringing an order of our own series forward; those of the shop engine go forward by its events."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from cabinet.audit.recording import record
from cabinet.orders.locking import locked_order
from cabinet.orders.models import Order, Status
from cabinet.orders.steps import step

NEXT = {
    Status.PLACED: (Status.CONFIRMED, Status.CANCELLED),
    Status.CONFIRMED: (Status.PACKED, Status.CANCELLED),
    Status.PACKED: (Status.SHIPPED, Status.CANCELLED),
    Status.SHIPPED: (Status.DELIVERED, Status.RETURNED, Status.CANCELLED),
}
OWN = "site"  # the source of what is placed here


def steps_from(order: Order) -> list[Status]:
    """Return where an order can go from here."""
    return list(NEXT.get(Status(order.status), ())) if order.source == OWN else []


@transaction.atomic
def bring_forward(*, order: Order, to: str, actor: str) -> bool:
    """Take the step; False where it is no step from where the order is by now. A doubled click takes it once."""
    known = locked_order(order.source, order.number)
    if known is None or to not in steps_from(known):
        return False
    step(known, to, timezone.now())
    record("orders.order.status_changed", subject=known.subject, actor=actor, order=known.number, status=str(to))
    return True

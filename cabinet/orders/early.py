"""What is told of an order before the order itself waits for it, without anybody's data (trust.md, f11)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from cabinet.exchange.handlers import Received
from cabinet.notices.upkeep import hourly
from cabinet.orders.models import Early, Order, Refund
from cabinet.orders.refunding import tell_refund
from cabinet.orders.steps import step

KEPT = timedelta(days=90)  # an order told 40 days late finds them; one that never comes leaves nothing for good


def wait_for_order(number: str, event: Received, said: dict[str, Any]) -> None:
    """Keep what was told until the order comes."""
    facts = {"source": event.source, "number": number, "type": event.type, "occurred_at": event.occurred_at}
    Early.objects.create(**facts, said=said)


def catch_up(order: Order) -> None:
    """Do to a new, locked order what was told of it before."""
    waiting = Early.objects.filter(source=order.source, number=order.number)
    for early in waiting.order_by("pk"):
        apply(order, early.said, early.occurred_at)
    waiting.delete()


def apply(order: Order, said: dict[str, Any], at: Any) -> None:
    """Do to a locked order what an event says: it reached a status, or money goes back."""
    if "status" in said:
        step(order, said["status"], at)
    else:
        amount, state = Decimal(said["amount"]), Refund.State(said["state"])
        tell_refund(order, said["reference"], amount, said["reason"], state, at)


@hourly
def forget_early() -> int:
    """Delete what no order ever came for; return how many."""
    return Early.objects.filter(told_at__lte=timezone.now() - KEPT).delete()[0]

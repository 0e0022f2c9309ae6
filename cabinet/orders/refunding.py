"""Refunds as the shop engine tells them: the same in the end, in whatever order it does."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from cabinet.orders.models import Order, Refund


def tell_refund(
    order: Order, reference: str, amount: Decimal, reason: str, state: Refund.State, at: datetime
) -> Refund:
    """Return the refund of a locked order with what is told of it; paid stays paid."""
    refund = Refund.objects.filter(order=order, reference=reference).first()
    if refund is None:
        refund = Refund(order=order, reference=reference, amount=amount, reason=reason, requested_at=at)
    if state == Refund.State.PAID:
        _pay(refund, amount, reason, at)
    elif at < refund.requested_at and refund.state == Refund.State.REQUESTED:
        refund.amount, refund.reason = amount, reason
    refund.requested_at = min(refund.requested_at, at)
    refund.save()
    return refund


def _pay(refund: Refund, amount: Decimal, reason: str, at: datetime) -> None:
    if refund.settled_at is None or at < refund.settled_at or refund.state != Refund.State.PAID:
        refund.amount, refund.reason, refund.settled_at = amount, reason, at
    refund.state, refund.paid_by = Refund.State.PAID, refund.order.source

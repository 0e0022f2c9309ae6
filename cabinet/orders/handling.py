"""What is done with each event of a shop engine that is about orders."""

from __future__ import annotations

from typing import Any

from cabinet.exchange.handlers import Outcome, Received, Refused, handles
from cabinet.orders.agreed import keep_consent
from cabinet.orders.early import apply, catch_up, wait_for_order
from cabinet.orders.events import (
    CustomerLinked,
    CustomerTold,
    OrderChanged,
    OrderPlaced,
    OrderReached,
    OrderTold,
    RefundTold,
    StatusChanged,
)
from cabinet.orders.locking import alone_with, locked_order
from cabinet.orders.models import Order, Refund, Status
from cabinet.orders.steps import RANK
from cabinet.orders.taking import take_order
from cabinet.orders.whose import Erased, Owner, owner_of

PERSON_ERASED = Outcome.QUARANTINED.because("person_erased")


@handles("order.placed")
def placed(data: OrderPlaced, event: Received) -> Outcome | None:
    """Take the order with its goods, its person and the consent it rests on."""
    placed_at = data.placed_at or event.occurred_at
    order = _taken(data, event, placed_at)
    if order is None:
        return PERSON_ERASED
    keep_consent(order, data, placed_at)
    return None


@handles("order.changed")
def changed(data: OrderChanged, event: Received) -> Outcome | None:
    """Put what is told in the place of what stood there, unless something later has been told."""
    return None if _taken(data, event, data.placed_at) else PERSON_ERASED


def _taken(data: OrderTold, event: Received, placed_at: Any) -> Order | None:
    alone_with(event.source, data.number)
    try:
        order, is_new = take_order(data, event, placed_at)
    except Erased:
        return None
    if is_new:
        catch_up(order)
    return order


@handles("order.status_changed")
def status_changed(data: StatusChanged, event: Received) -> None:
    """Note the status at its place in time."""
    if data.previous and RANK[Status(data.status)] < RANK[Status(data.previous)]:
        raise Refused("status", "A status does not go backwards.")
    _told(data.number, event, {"status": data.status})


@handles("order.delivered")
def delivered(data: OrderReached, event: Received) -> None:
    """Note that the order was delivered: the period for objections begins."""
    _told(data.number, event, {"status": str(Status.DELIVERED)})


@handles("order.returned")
def returned(data: OrderReached, event: Received) -> None:
    """Note that the order came back."""
    _told(data.number, event, {"status": str(Status.RETURNED)})


@handles("order.cancelled")
def cancelled(data: OrderReached, event: Received) -> None:
    """Note that nothing comes of the order."""
    _told(data.number, event, {"status": str(Status.CANCELLED)})


@handles("refund.requested")
def refund_requested(data: RefundTold, event: Received) -> None:
    """Note that money is to be paid back: until then the order stays."""
    _told(data.number, event, _refund(data, Refund.State.REQUESTED))


@handles("refund.paid")
def refund_paid(data: RefundTold, event: Received) -> None:
    """Note that the money was paid back."""
    _told(data.number, event, _refund(data, Refund.State.PAID))


def _refund(data: RefundTold, state: Refund.State) -> dict[str, Any]:
    return {"reference": data.reference, "amount": str(data.amount), "reason": data.reason, "state": str(state)}


def _told(number: str, event: Received, said: dict[str, Any]) -> None:
    alone_with(event.source, number)
    order = locked_order(event.source, number)
    if order:
        apply(order, said, event.occurred_at)
    else:
        wait_for_order(number, event, said)


@handles("customer.linked")
def linked(data: CustomerLinked, event: Received) -> Outcome | None:
    """Keep by which e-mail the shop engine knows somebody, until they say in the cabinet that it is they."""
    try:
        owner = owner_of(CustomerTold(id=data.id), event.source)
    except Erased:
        return PERSON_ERASED
    _know(owner, data, event)
    return None


def _know(owner: Owner, data: CustomerLinked, event: Received) -> None:
    guest = owner.guest
    if guest and (guest.told_at is None or event.occurred_at > guest.told_at):
        guest.email, guest.phone, guest.told_at = data.email, data.phone, event.occurred_at
        guest.save(update_fields=["email", "phone", "told_at"])

"""Taking an order in: its goods and sums, its person, whose it is and the consent it rests on."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from cabinet.exchange.handlers import Received, Refused
from cabinet.orders.events import LineTold, OrderTold
from cabinet.orders.locking import locked_order
from cabinet.orders.models import Line, Order, OrderPerson, Placed
from cabinet.orders.money import rounded
from cabinet.orders.steps import settle
from cabinet.orders.terms import tax_until
from cabinet.orders.whose import Erased, Owner, give_to, owner_of


def check_sums(told: OrderTold) -> None:
    """Raise Refused, naming the field, where a cost or the total does not add up."""
    for place, line in enumerate(told.lines):
        if line.cost != cost_of(line):
            raise Refused(f"lines.{place}.cost", "The cost is not quantity × price - discount.")
    if told.total != sum(line.cost for line in told.lines) + told.delivery_cost - told.discount:
        raise Refused("total", "The total is not the costs of the lines + delivery_cost - discount.")


def cost_of(line: LineTold) -> Decimal:
    """Return what a line costs, rounded to two places as a till does; raise no error where that is below zero."""
    return rounded(line.quantity * line.price) - line.discount


def take_order(told: OrderTold, event: Received, placed_at: datetime) -> tuple[Order, bool]:
    """Return the order with what is told, locked, and whether it is new; raise Erased for an erased person's.

    What happened later stands, in whatever order events come: an older one only fills in who ordered.
    """
    check_sums(told)
    owner = owner_of(told.customer, event.source)
    order = locked_order(event.source, told.number)
    if order and order.anonymised_at:
        raise Erased
    if order is None:
        return _new(told, event, owner, placed_at), True
    give_to(order, owner)
    if _is_later(order, event):
        _write(order, told, event, placed_at)
    order.save()
    settle(order)
    return order, False


def _new(told: OrderTold, event: Received, owner: Owner, placed_at: datetime) -> Order:
    order = Order(source=event.source, number=told.number, placed_by=Placed.ENGINE, subject=owner.subject)
    give_to(order, owner)
    _say(order, told, event, placed_at)
    order.status_at, order.tax_until = placed_at, tax_until(placed_at)
    order.save(force_insert=True)
    _write_parts(order, told)
    return order


def _is_later(order: Order, event: Received) -> bool:
    before = (order.told_at, order.told_by) if order.told_at else None
    return before is None or (event.occurred_at, event.id) > before


def _write(order: Order, told: OrderTold, event: Received, placed_at: datetime) -> None:
    _say(order, told, event, placed_at)
    order.lines.all().delete()
    OrderPerson.objects.filter(order=order).delete()
    _write_parts(order, told)


def _say(order: Order, told: OrderTold, event: Received, placed_at: datetime) -> None:
    order.placed_at, order.currency, order.total = placed_at, told.currency, told.total
    order.delivery_cost, order.discount = told.delivery_cost, told.discount
    order.told_at, order.told_by = event.occurred_at, event.id


def _write_parts(order: Order, told: OrderTold) -> None:
    OrderPerson.objects.create(order=order, **person_of(told))
    lines = [Line(order=order, position=place, **line.model_dump()) for place, line in enumerate(told.lines)]
    Line.objects.bulk_create(lines)


def person_of(told: OrderTold) -> dict[str, Any]:
    """Return to whom and where an order goes, as the fields of OrderPerson."""
    return {**told.contact.model_dump(), **told.address.model_dump(), "note": told.note}

"""What the person does by the link: confirm the order, or withdraw the consent to it (94-V, art. 8(2))."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from cabinet.audit.recording import record
from cabinet.consents.consenting import withdraw_for
from cabinet.consents.ledger import Channel
from cabinet.notices.upkeep import hourly
from cabinet.orders.locking import locked_order
from cabinet.orders.models import Order, OrderPerson, PhoneOrder, Status
from cabinet.orders.phone_orders import hashed
from cabinet.orders.steps import step
from cabinet.register.categories import Purpose
from cabinet.register.holds import Hold, holds


@dataclass(frozen=True)
class Bar:
    """Why a withdrawal has to wait; `until` is None where nobody can tell yet."""

    hold: Hold
    until: datetime | None


def find(token: str) -> PhoneOrder | None:
    """Return what a link leads to; None for one that is wrong, too old, or replaced, or whose person has gone."""
    living = PhoneOrder.objects.filter(link_until__gt=timezone.now(), order__anonymised_at=None)
    found = living.filter(token_sha256=hashed(token.upper()))
    return found.select_related("order__consent__text", "order__customer__user").first()


@transaction.atomic
def confirm(known: PhoneOrder) -> None:
    """Keep that the person has confirmed the order; twice is once."""
    if PhoneOrder.objects.filter(pk=known.pk, confirmed_at=None).update(confirmed_at=timezone.now()):
        record("orders.order.confirmed_by_link", subject=known.order.subject, order=known.order.number)


@transaction.atomic
def withdraw(known: PhoneOrder) -> None:
    """Cancel the order while nobody has begun it; withdraw the consent now, or by itself when nothing bars it.

    The consent of a customer's account is not of this order alone, so it stays, and the cabinet is where it ends.
    """
    order = _locked(known.order)
    now = timezone.now()
    if not PhoneOrder.objects.filter(pk=known.pk, withdrawal_at=None).update(withdrawal_at=now):
        return
    if order.status == Status.PLACED:
        step(order, Status.CANCELLED, now)
    record("orders.order.withdrawn_by_link", subject=order.subject, order=order.number)
    settle(known)


def bars(order: Order) -> list[Bar]:
    """Return what bars the withdrawal of the consent to this order now."""
    now = timezone.now()
    ours = [hold for hold in holds if hold.model == "orders.Order" and Purpose.ORDER in hold.bars]
    found = ((hold, hold.rows(now).filter(pk=order.pk).values_list("held_until", flat=True)) for hold in ours)
    return [Bar(hold, until) for hold, rows in found for until in rows]


@transaction.atomic
def settle(known: PhoneOrder) -> bool:
    """Carry a withdrawal out unless something bars it: the receipt, then the person's data; say whether it went."""
    order = _locked(known.order)
    if bars(order) or not PhoneOrder.objects.filter(pk=known.pk, settled_at=None).update(settled_at=timezone.now()):
        return False
    if order.customer_id is None:
        name = order.person.name if hasattr(order, "person") else ""
        withdraw_for(subject=order.subject, full_name=name, purpose=Purpose.ORDER, channel=Channel.LETTER)
        _erase(order)
    return True


def _erase(order: Order) -> None:
    """Erase the person but for what papers of a sale must tell; an order that was cancelled was no sale."""
    people = OrderPerson.objects.filter(order=order)
    if order.status == Status.CANCELLED or order.tax_until <= timezone.now():
        people.delete()
    else:
        emptied = ("phone", "email", "city", "street", "apartment", "postcode", "note")
        people.update(**dict.fromkeys(emptied, ""))


@hourly
def settle_withdrawals() -> int:
    """Carry out the withdrawals that nothing bars any more; return how many."""
    waiting = PhoneOrder.objects.filter(withdrawal_at__isnull=False, settled_at=None).select_related("order")
    return sum(settle(known) for known in waiting)


def _locked(order: Order) -> Order:
    known = locked_order(order.source, order.number)
    if known is None:
        raise Order.DoesNotExist
    return known

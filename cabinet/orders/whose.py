"""Whose an order is: the customer to whom the shop engine's number leads, or somebody whom it knows and we do not."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID, uuid4

from cabinet.customers.linking import OURS, customer_of, is_erased
from cabinet.customers.models import Customer, GuestMark
from cabinet.exchange.handlers import Refused
from cabinet.orders.events import CustomerTold
from cabinet.orders.locking import ChangedMeanwhile, locked_customer
from cabinet.orders.models import Guest, Order


class Erased(Exception):
    """The person was erased: nothing about them may be kept (trust.md, i3)."""


@dataclass(frozen=True)
class Owner:
    """Whom an event names."""

    customer: Customer | None = None
    guest: Guest | None = None

    @property
    def subject(self) -> UUID:
        """Return the mark of the person, a new one for somebody of whom nothing is known."""
        known = self.customer or self.guest
        return known.subject if known else uuid4()


def owner_of(told: CustomerTold | None, source: str) -> Owner:
    """Return whom an event names, their row locked; raise Erased for somebody who was erased."""
    if told is None:
        return Owner()
    refuse_erased(told, source)
    customer = customer_of(source, told.id)
    if customer is None:
        refuse_erased(told, source)  # an erasure may have taken the link away between the two questions
        return Owner(guest=_guest(told, source))
    locked = locked_customer(customer.pk)
    refuse_erased(told, source)  # while we waited for the row
    if locked is None:
        raise ChangedMeanwhile
    for guest in Guest.objects.filter(source=source, external_id=told.id):  # linked elsewhere than in the cabinet
        adopt(locked, guest)
    return Owner(customer=locked)


def refuse_erased(told: CustomerTold, source: str) -> None:
    """Raise Erased when the number, or our mark of the person, led to somebody who was erased."""
    if is_erased(source, told.id) or (told.subject and is_erased(OURS, str(told.subject))):
        raise Erased


def _guest(told: CustomerTold, source: str) -> Guest:
    made, _is_new = Guest.objects.get_or_create(source=source, external_id=told.id)
    guest: Guest | None = Guest.objects.select_for_update().filter(pk=made.pk).first()
    if guest is None or customer_of(source, told.id):
        raise ChangedMeanwhile  # it was claimed while we waited for the row
    return guest


def adopt(customer: Customer, guest: Guest) -> None:
    """Make the orders of a guest those of a locked customer; what the guest agreed to is found by their old mark."""
    guest.orders.filter(customer=None).update(customer=customer, subject=customer.subject, guest=None)
    GuestMark.objects.get_or_create(subject=guest.subject, defaults={"customer": customer})
    guest.delete()


def give_to(order: Order, owner: Owner) -> None:
    """Make an order without an owner this one's; raise Refused when it is another customer's."""
    if owner.customer and order.customer_id not in (None, owner.customer.pk):
        raise Refused("customer.id", "This order belongs to another customer here.")
    if order.customer_id:
        return
    if owner.customer:
        order.customer, order.guest, order.subject = owner.customer, None, owner.customer.subject
    elif owner.guest and order.guest_id is None:
        order.guest, order.subject = owner.guest, owner.guest.subject

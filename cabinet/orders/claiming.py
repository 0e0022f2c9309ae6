"""Orders of a guest become a customer's: by an e-mail they have shown to be theirs, or by what only they know."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import QuerySet

from cabinet.audit.recording import record
from cabinet.customers.actions import lock_open
from cabinet.customers.linking import LinkRefused, link
from cabinet.customers.models import Customer, GuestMark
from cabinet.orders.models import Guest, Order
from cabinet.orders.whose import adopt

COUNTED = 100  # as many are told; “100 or more” says the same
AT_ONCE = 500  # rows of one statement


def count_of_may_be(customer: Customer) -> int:
    """Return how many orders may be the customer's, up to COUNTED; two queries."""
    emails = list(verified_emails(customer))
    if not emails:
        return 0
    named = Order.objects.filter(customer=None, anonymised_at=None, person__email__in=emails)
    by_number = Order.objects.filter(customer=None, anonymised_at=None, guest__email__in=emails)
    return int(named.order_by().values("pk").union(by_number.order_by().values("pk"))[:COUNTED].count())


def verified_emails(customer: Customer) -> QuerySet[Any, str]:
    """Return the addresses that the customer has shown to be theirs."""
    return EmailAddress.objects.filter(user=customer.user_id, verified=True).values_list("email", flat=True)


@transaction.atomic
def claim_by_email(*, customer: Customer) -> int:
    """Make the customer's what was ordered under an e-mail they have verified; return how many orders.

    Raise AccountClosed for an account that was closed meanwhile: what is a guest's stays one's.
    """
    known = lock_open(customer)
    emails = list(verified_emails(known))
    before = Order.objects.of(known).count()
    for guest in Guest.objects.select_for_update().filter(email__in=emails).exclude(email="").order_by("pk"):
        _take_guest(known, guest)
    named = Order.objects.filter(customer=None, anonymised_at=None, person__email__in=emails)
    while some := list(named.select_for_update(of=("self",)).order_by("pk")[:AT_ONCE]):
        _take_orders(known, some)
    count = int(Order.objects.of(known).count()) - before
    _trace(known, count, "email")
    return count


@transaction.atomic
def claim_by_phone(*, customer: Customer, number: str, total: Decimal) -> Order | None:
    """Make one guest's order the customer's, who knows its number and total and whose phone it names; None for none.

    Nobody has shown here that a phone is theirs, so the phone alone proves nothing (DECISIONS.md, 60). Raise
    AccountClosed for an account that was closed meanwhile.
    """
    known = lock_open(customer)
    if not known.phone:
        return None
    found = Order.objects.filter(customer=None, anonymised_at=None, number=number, total=total)
    order: Order | None = found.filter(person__phone=known.phone).select_for_update(of=("self",)).order_by("pk").first()
    if order:
        _take_orders(known, [order])
        _trace(known, 1, "phone")
    return order


def _take_guest(customer: Customer, guest: Guest) -> None:
    try:
        link(source=guest.source, external_id=guest.external_id, customer=customer)
    except LinkRefused:
        return
    adopt(customer, guest)


def _take_orders(customer: Customer, orders: list[Order]) -> None:
    # The mark of a guest whom the shop engine knows stands for other orders, too, which are not claimed.
    marks = {order.subject for order in orders if order.guest_id is None}
    GuestMark.objects.bulk_create((GuestMark(customer=customer, subject=mark) for mark in marks), ignore_conflicts=True)
    own = {"customer": customer, "subject": customer.subject, "guest": None}
    Order.objects.filter(pk__in=[order.pk for order in orders]).update(**own)


def _trace(customer: Customer, count: int, by: str) -> None:
    if count:
        record("orders.orders.claimed", subject=customer.subject, actor=customer.user.public_id, count=count, by=by)

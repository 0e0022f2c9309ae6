"""Taking the person out of orders: set by set and a batch at a time, so that no lock is held for long.

None of these is to be called within a transaction of its own, for then all batches would be one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from cabinet.customers import linking
from cabinet.customers.actions import lock
from cabinet.customers.marks import subjects_of
from cabinet.customers.models import Customer, EngineLink, ErasedLink
from cabinet.orders.marks import RandomMark
from cabinet.orders.models import Guest, Order, OrderPerson, Refund
from cabinet.orders.whose import OURS

BATCH = 1000  # orders of one statement: some tens of milliseconds
OF_ORDER = ("order", "order__source", "order__number", "order__placed_at", "order__total", "order__tax_until")
OF_PERSON = ("name", "phone", "email", "language", "city", "street", "apartment", "postcode", "note")


def batches(orders: QuerySet[Any], size: int = BATCH) -> Iterator[QuerySet[Any]]:
    """Return the orders in sets of at most `size`, each found by a stretch of keys; one query more for each set."""
    last = 0
    while True:
        ahead = orders.filter(pk__gt=last).order_by("pk")
        end = next(iter(ahead.values_list("pk", flat=True)[size - 1 : size]), None)
        if end is None:
            break
        yield orders.filter(pk__gt=last, pk__lte=end).order_by()
        last = end
    if ahead.exists():
        yield orders.filter(pk__gt=last).order_by()


def detach(orders: QuerySet[Any]) -> int:
    """Leave of orders what the books keep and nothing that leads to anybody; return how many. Twice does no harm.

    Goods, sums, number and steps stay. The receipt of the consent stays in its ledger, but not at the order: it would
    tell which orders were one person's.
    """
    now, count = timezone.now(), 0
    nobody = {"customer": None, "guest": None, "consent": None, "subject": RandomMark(), "anonymised_at": now}
    said = {"call_reference": "", "taken_by": "", "told_by": ""}
    for some in batches(orders):
        with transaction.atomic():
            Refund.objects.filter(order__in=some.values("pk")).exclude(reason="").update(reason="")
            count += some.update(**nobody, **said)
    return count


def people_of(orders: QuerySet[Any]) -> QuerySet[Any, dict[str, Any]]:
    """Return what is kept of the people behind orders, with the order's facts, as rows for the restricted store."""
    return OrderPerson.objects.filter(order__in=orders.order_by().values("pk")).values(*OF_ORDER, *OF_PERSON)


def remove_people(orders: QuerySet[Any]) -> int:
    """Delete to whom and where orders went; return how many rows. Twice does no harm."""
    count = 0
    for some in batches(orders):
        with transaction.atomic():  # nothing refers to these rows, so nothing has to be looked for
            people: Any = OrderPerson.objects.filter(order__in=some.values("pk"))
            count += people._raw_delete(people.db) or 0
    return count


@transaction.atomic
def mark_erased(customer: Customer) -> int:
    """Have whatever a shop engine still tells of the customer put aside without their data; return the marks made.

    Marked are the engines' numbers for the person and our own marks of them. Call it under the customer's lock, before
    the first order is detached. Twice does no harm.
    """
    known = lock(customer)
    for mark in subjects_of(known):
        EngineLink.objects.get_or_create(source=OURS, external_id=str(mark), defaults={"customer": known})
    return linking.mark_erased(known)


@transaction.atomic
def mark_guest_erased(guest: Guest) -> None:
    """Do the same for somebody whom a shop engine knows and we do not; their row goes."""
    for source, number in ((guest.source, guest.external_id), (OURS, str(guest.subject))):
        ErasedLink.objects.get_or_create(mark=linking.mark_of(source, number))
    guest.delete()


def orders_of(customer: Customer) -> QuerySet[Any]:
    """Return the customer's orders, to be given to the functions above."""
    return Order.objects.of(customer)

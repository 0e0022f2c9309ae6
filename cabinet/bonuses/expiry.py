"""Which bonuses expire when: what is spent is always what would have expired first (bonus rules, “How to spend”).

It is computed from the other end: of what is there, those that expire last are still whole, and those that expire
until a day are what the balance holds beyond all that came with a later day: one sum, in whatever order events arrived.
Bonuses spent before others came that expire sooner are counted so, too: never to the customer's loss.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import DecimalField, F, OuterRef, Q, QuerySet, Subquery, Sum, Window
from django.db.models.functions import Coalesce
from django.utils import timezone

from cabinet.bonuses.models import Account, Movement
from cabinet.customers.models import Customer

TINY = Decimal("0.01")  # the least that can be credited
DUST = Decimal("0.005")  # SQLite adds in binary fractions
AMOUNT = DecimalField(max_digits=14, decimal_places=2)
SOON = timedelta(days=30)  # long enough to order once more


@dataclass(frozen=True)
class Expiring:
    """So many bonuses are valid until this day, which is still included."""

    amount: Decimal
    day: date


def next_to_expire(customer: Customer, balance: Decimal) -> Expiring | None:
    """Return what expires first of what is there; None where nothing does. Two queries at the most."""
    if balance <= 0:
        return None
    later = Window(Sum("amount"), order_by=[F("expires_at").desc(nulls_first=True), F("pk").desc()])
    lots = _lots(customer, timezone.now()).annotate(until_here=later)
    left = lots.filter(until_here__lt=balance + F("amount") - DUST)
    first = left.order_by(F("expires_at").asc(nulls_last=True)).values_list("expires_at", flat=True).first()
    if first is None:
        return None
    day = timezone.localtime(first)
    midnight = day.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return Expiring(until(customer, balance, midnight - timedelta(microseconds=1)), day.date())


def until(customer: Customer, balance: Decimal, moment: datetime) -> Decimal:
    """Return how much of what is there expires until the moment; one query."""
    return max(balance - total(_lots(customer, moment)), Decimal(0))


def soon(customer: Customer, balance: Decimal) -> Decimal:
    """Return how much of what is there expires within thirty days; one query."""
    return until(customer, balance, timezone.now() + SOON)


def overdue(customer: Customer, balance: Decimal) -> Decimal:
    """Return how much of what is there has expired already, and nobody has taken away; one query."""
    return until(customer, balance, timezone.now())


def with_overdue() -> QuerySet[Account]:
    """Return the accounts that hold more than is still valid."""
    live = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
    lots = Movement.objects.filter(live, customer=OuterRef("customer"), amount__gt=0).order_by().values("customer")
    valid = Coalesce(Subquery(lots.annotate(sum=Sum("amount")).values("sum")), Decimal(0), output_field=AMOUNT)
    return Account.objects.filter(balance__gt=0).annotate(valid=valid).filter(balance__gt=F("valid") + DUST)


def total(movements: QuerySet[Movement]) -> Decimal:
    """Return what the movements come to; one query."""
    found: Decimal = movements.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
    return found.quantize(TINY)


def _lots(customer: Customer, after: datetime) -> QuerySet[Movement]:
    """Return what came and is valid after the moment, spent or not."""
    valid = Q(expires_at=None) | Q(expires_at__gt=after)
    found: QuerySet[Movement] = Movement.objects.filter(valid, customer=customer, amount__gt=0)
    return found.order_by()

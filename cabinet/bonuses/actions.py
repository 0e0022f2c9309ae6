"""Bonuses come and go: each deed locks the customer's row first, adds a movement, and the balance follows it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from cabinet.audit.recording import record
from cabinet.bonuses.expiry import overdue, total
from cabinet.bonuses.models import Account, Kind, Movement
from cabinet.customers.actions import lock, lock_open
from cabinet.customers.ids import new_public_id
from cabinet.customers.models import Customer

OWN = "kelisim"  # source of the movements that no shop engine has sent


@transaction.atomic
def move(*, customer: Customer, source: str, event_id: str, amount: Decimal, **facts: Any) -> Movement:
    """Return the movement of this event, added or found: the same event twice moves the balance once (i2).

    More may go than is there: the shop engine's ledger is the truth, and what came may be told later than what went.
    Raise AccountClosed when the customer was erased meanwhile.
    """
    known = lock_open(customer)
    facts = {"customer": known, "amount": amount, **facts}
    movement, is_new = Movement.objects.get_or_create(source=source, event_id=event_id, defaults=facts)
    if is_new:
        add_to_balance(known, amount)
    return movement


def add_to_balance(customer: Customer, amount: Decimal) -> None:
    """Let the balance follow a movement; the customer's row must be locked."""
    account = Account.objects.filter(customer=customer).first() or Account(customer=customer)
    account.balance, account.changed_at = account.balance + amount, timezone.now()
    account.save()


@transaction.atomic
def forfeit(*, customer: Customer, reason: str) -> Movement | None:
    """Give up all that is there, and return the movement; None where there is nothing, so twice does no harm.

    A balance below zero is a debt of the ledgers to each other, not of the person, and stays as it is.
    """
    known = lock(customer)
    return _take(known, Kind.FORFEITED, balance_of(known), reason)


@transaction.atomic
def expire_due(*, customer: Customer) -> Movement | None:
    """Take away what has expired and was not spent before, and return the movement; None where there is nothing."""
    known = lock(customer)
    return _take(known, Kind.EXPIRED, overdue(known, balance_of(known)), "")


def balance_of(customer: Customer) -> Decimal:
    """Return how many bonuses there are; below zero while the shop engine has told more that went than that came."""
    found = Account.objects.filter(customer=customer).values_list("balance", flat=True).first()
    return found or Decimal(0)


def _take(customer: Customer, kind: Kind, amount: Decimal, reason: str) -> Movement | None:
    if amount <= 0:
        return None
    facts = {"customer": customer, "kind": kind, "reason": reason, "occurred_at": timezone.now()}
    movement: Movement = Movement.objects.create(
        source=OWN, event_id=f"{kind}:{new_public_id()}", amount=-amount, **facts
    )
    add_to_balance(customer, -amount)
    record(f"bonuses.bonus.{kind}", subject=customer.subject, movement=movement.public_id, amount=str(amount))
    return movement


@transaction.atomic
def mend_balance(*, customer: Customer) -> bool:
    """Make the balance what the movements come to, and say whether it was not."""
    known = lock(customer)
    came_to = total(Movement.objects.filter(customer=known))
    if balance_of(known) == came_to:
        return False
    Account.objects.update_or_create(customer=known, defaults={"balance": came_to, "changed_at": timezone.now()})
    return True

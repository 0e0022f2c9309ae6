"""A withdrawal that the law lets the shop refuse for now: told why and until when, remembered, done by itself then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from cabinet.audit.recording import record
from cabinet.consents.consenting import withdraw
from cabinet.consents.letters import tell_barred, tell_carried_out
from cabinet.consents.pending import PendingWithdrawal
from cabinet.customers.actions import lock
from cabinet.customers.models import Customer
from cabinet.notices.upkeep import hourly
from cabinet.register.holds import Hold, holds

EXAMPLES = 5


@dataclass(frozen=True)
class Bar:
    """A hold that bars a withdrawal, until when, and some of the rows by the names people know."""

    hold: Hold
    until: datetime | None  # None: nobody can tell yet
    examples: list[str]


def bars_of(account: Any, purpose: str) -> list[Bar]:
    """Return what bars the withdrawal of a consent now; one query for each hold that could."""
    found = []
    for hold in holds.barring(purpose):
        rows = list(hold.of(account).order_by("pk").values_list(hold.reference, "held_until"))
        if rows:
            days = [until for _reference, until in rows]
            last = None if None in days else max(days)
            found.append(Bar(hold, last, [str(reference) for reference, _until in rows[:EXAMPLES]]))
    return found


@transaction.atomic
def withdraw_or_wait(*, customer: Customer, purpose: str, medium: str = "") -> Any:
    """Withdraw now and return the receipt, or return the withdrawal that waits for what bars it.

    Asking twice is asking once. Raise ClosesAccount as `withdraw` does.
    """
    known = lock(customer)
    bars = bars_of(known.user, purpose)
    if not bars:
        return withdraw(customer=known, purpose=purpose, medium=medium)
    pending, made = PendingWithdrawal.objects.get_or_create(customer=known, purpose=purpose, medium=medium)
    if made:
        told = {"purpose": purpose, "medium": medium}
        record("consents.withdrawal.barred", subject=known.subject, actor=known.user.public_id, **told)
        tell_barred(known, purpose, medium, bars)
    return pending


@hourly
def carry_out_withdrawals() -> int:
    """Withdraw what nothing bars any longer, and write to whom it was; return how many."""
    waiting = PendingWithdrawal.objects.select_related("customer__user").order_by("pk")
    return sum(_carried_out(each) for each in waiting.iterator())


@transaction.atomic
def _carried_out(pending: PendingWithdrawal) -> bool:
    customer = lock(pending.customer)
    if bars_of(customer.user, pending.purpose):
        return False
    if not PendingWithdrawal.objects.filter(pk=pending.pk).delete()[0]:
        return False
    withdraw(customer=customer, purpose=pending.purpose, medium=pending.medium)
    if customer.user.is_active:
        tell_carried_out(customer, pending.purpose, pending.medium)
    return True

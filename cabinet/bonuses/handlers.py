"""What the shop engine tells of bonuses: credited, spent, expired, corrected."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import BeforeValidator, Field, WithJsonSchema

from cabinet.bonuses.actions import move
from cabinet.bonuses.agreement import agrees
from cabinet.bonuses.models import Account, Kind
from cabinet.customers.actions import AccountClosed
from cabinet.customers.linking import OURS, customer_of, is_erased
from cabinet.customers.models import Customer
from cabinet.customers.plain_text import made_plain
from cabinet.exchange.handlers import Data, Moment, Outcome, Received, Refused, handles

LONGEST_TERM = timedelta(days=3653)  # ten years: more is a slip of somebody's pen
NUMBER = re.compile(r"(0|[1-9][0-9]{0,9})(\.[0-9]{1,2})?", re.ASCII)

ERASED = Outcome.QUARANTINED.because("person_erased")
UNKNOWN = Outcome.QUARANTINED.because("customer_unknown")
NOT_AGREED = Outcome.QUARANTINED.because("no_consent")


def amount(text: Any) -> Decimal:
    """Return the number that a text such as “120.50” names; raise ValueError for any other, nought and JSON numbers."""
    if not (isinstance(text, str) and NUMBER.fullmatch(text) and Decimal(text)):
        raise ValueError("An amount is a text such as 120.50: more than nought, two places at the most.")
    return Decimal(text)


def change(text: Any) -> Decimal:
    """Return the number that a text such as “-120.50” names; raise ValueError like `amount`."""
    if isinstance(text, str) and text.startswith("-"):
        return -amount(text[1:])
    return amount(text)


def line(value: Any) -> Any:
    """Return a line of text without what cannot be seen."""
    return made_plain(value) if isinstance(value, str) else value


def _written(pattern: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": pattern})


Amount = Annotated[Decimal, BeforeValidator(amount), _written(rf"^{NUMBER.pattern}$")]
Change = Annotated[Decimal, BeforeValidator(change), _written(rf"^-?{NUMBER.pattern}$")]
Reason = Annotated[str, BeforeValidator(line), Field(min_length=1, max_length=300)]
OrderNumber = Annotated[str, BeforeValidator(line), Field(min_length=1, max_length=40)]


class Whose(Data):
    """Whose bonuses: the shop engine's number for the person, and our mark of them where it was told one."""

    id: Annotated[str, Field(min_length=1, max_length=100)]
    subject: UUID | None = None


class Moved(Data):
    """Bonuses of a customer came or went."""

    customer: Whose
    reason: Reason  # to the customer, in the customer's language
    order: OrderNumber | None = None


class BonusAccrued(Moved):
    """Bonuses were credited; without `expires_at` they stay valid."""

    amount: Amount
    expires_at: Moment | None = None


class BonusSpent(Moved):
    """Bonuses paid for something."""

    amount: Amount


class BonusExpired(Moved):
    """Bonuses were not used in time."""

    amount: Amount


class BonusCorrected(Moved):
    """Bonuses were added or, with a minus, taken off for another reason: those of returned goods, a mistake."""

    amount: Change


@handles("bonus.accrued")
def accrued(data: BonusAccrued, event: Received) -> Outcome | None:
    """Credit bonuses."""
    if data.expires_at and not event.occurred_at < data.expires_at < event.occurred_at + LONGEST_TERM:
        raise Refused("expires_at", "Bonuses expire after they were credited, and within ten years.")
    return _moved(data, event, Kind.ACCRUED, data.amount, expires_at=data.expires_at)


@handles("bonus.spent")
def spent(data: BonusSpent, event: Received) -> Outcome | None:
    """Take off what paid for something."""
    return _moved(data, event, Kind.SPENT, -data.amount)


@handles("bonus.expired")
def expired(data: BonusExpired, event: Received) -> Outcome | None:
    """Take off what was not used in time."""
    return _moved(data, event, Kind.EXPIRED, -data.amount)


@handles("bonus.corrected")
def corrected(data: BonusCorrected, event: Received) -> Outcome | None:
    """Add or take off."""
    return _moved(data, event, Kind.CORRECTED, data.amount)


def _moved(data: Moved, event: Received, kind: Kind, amount: Decimal, **facts: Any) -> Outcome | None:
    whose = data.customer
    if is_erased(event.source, whose.id) or (whose.subject and is_erased(OURS, str(whose.subject))):
        return ERASED
    customer = customer_of(event.source, whose.id)
    if customer is None:
        return UNKNOWN
    if not _may_move(customer, amount):
        return NOT_AGREED
    told = {"kind": kind, "reason": data.reason, "order_number": data.order or "", "occurred_at": event.occurred_at}
    try:
        move(customer=customer, source=event.source, event_id=event.id, amount=amount, **told, **facts)
    except AccountClosed:  # erased between the question and the lock
        return ERASED
    return None


def _may_move(customer: Customer, amount: Decimal) -> bool:
    """Say whether the consent allows it: what is there may go in any case, but nothing more comes without one."""
    return agrees(customer) or (amount < 0 and Account.objects.filter(customer=customer).exists())

"""The vault with bank details for refunds: sealed under keys of its own, seen by who pays and by nobody else (R3)."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any, NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from cabinet.at_rest import seal, unseal
from cabinet.audit.recording import record
from cabinet.orders.locking import locked_order
from cabinet.orders.models import Order, Refund, RefundDetails
from cabinet.orders.seeing import PAY, log_look

PURPOSE = b"kelisim: bank details of refunds"


class NoVault(Exception):
    """No key is named, so nothing can be kept safely, and nothing is."""


class NotOpen(Exception):
    """The refund is not open any more: nothing is to be paid."""


class TooMuch(Exception):
    """Together with what is open or paid already, it is more than the order cost."""


class BankDetails(NamedTuple):
    """Where money goes back to."""

    holder: str
    tax_number: str  # IIN of a person, BIN of a firm
    iban: str


def is_ready() -> bool:
    """Say whether there is a key to seal with; that of the example, which everybody knows, is none."""
    keys = settings.REFUND_VAULT_KEYS
    return bool(keys) and not any(key.startswith("CHANGE-ME") for key in keys)


@transaction.atomic
def open_refund(*, order: Order, amount: Decimal, reason: str, actor: str) -> Refund:
    """Owe a part of what the order cost; raise TooMuch, or NotOpen where the order is nobody's any more."""
    _locked(order)
    known = Order.objects.get(pk=order.pk)
    if known.anonymised_at:
        raise NotOpen
    back = sum(known.refunds.exclude(state=Refund.State.REFUSED).values_list("amount", flat=True))
    if amount + back > known.total:
        raise TooMuch
    made = Refund.objects.create(order=known, amount=amount, reason=reason)
    _trace("orders.refund.opened", made, actor)
    return made


@transaction.atomic
def keep_details(*, refund: Refund, details: BankDetails, actor: str) -> None:
    """Seal the details in place of earlier ones; raise NotOpen or NoVault, and then nothing is kept."""
    if not is_ready():
        raise NoVault
    known = _open(refund)
    sealed = seal(json.dumps(details._asdict()), PURPOSE, settings.REFUND_VAULT_KEYS)
    RefundDetails.objects.update_or_create(refund=known, defaults={"sealed": sealed, "given_at": timezone.now()})
    _trace("orders.refund.details_given", known, actor)


def reveal_details(*, user: Any, refund: Refund, reason: str) -> BankDetails | None:
    """Return the details once the look is in the read log; None for whom, or for what, they are not to be seen.

    Raise NotSeen where the log does not take the line.
    """
    if not user.has_perm(PAY) or not RefundDetails.objects.filter(refund=refund).exists():
        return None
    with override(_language_of(refund)):
        what = _("Bank details for the refund of order %(number)s") % {"number": refund.order.number}
    log_look(user=user, subject=refund.order.subject, what=what, reason=reason)
    kept = RefundDetails.objects.filter(refund=refund, refund__state=Refund.State.REQUESTED).first()
    return BankDetails(**json.loads(unseal(kept.sealed, PURPOSE, settings.REFUND_VAULT_KEYS))) if kept else None


@transaction.atomic
def mark_paid(*, refund: Refund, actor: str) -> None:
    """End the refund; from now on nobody opens its details, and later they go. Raise NotOpen."""
    known = _open(refund)
    known.state, known.settled_at, known.paid_by = Refund.State.PAID, timezone.now(), actor
    known.save(update_fields=["state", "settled_at", "paid_by"])
    _trace("orders.refund.paid", known, actor)


@transaction.atomic
def mark_come_back(*, refund: Refund, actor: str) -> None:
    """Open a paid refund again, for the bank sent the money back; the details are there while their term lasts."""
    _locked(refund.order)
    known = Refund.objects.select_for_update().get(pk=refund.pk)
    if known.state != Refund.State.PAID:
        raise NotOpen
    known.state, known.settled_at, known.paid_by = Refund.State.REQUESTED, None, ""
    known.save(update_fields=["state", "settled_at", "paid_by"])
    _trace("orders.refund.came_back", known, actor)


def rotate() -> int:
    """Seal everything anew under the first key; return how much that was. Twice does no harm."""
    count = 0
    for pk in RefundDetails.objects.values_list("pk", flat=True):
        with transaction.atomic():
            kept = RefundDetails.objects.select_for_update().filter(pk=pk).first()
            if kept:
                text = unseal(kept.sealed, PURPOSE, settings.REFUND_VAULT_KEYS)
                kept.sealed = seal(text, PURPOSE, settings.REFUND_VAULT_KEYS)
                kept.save(update_fields=["sealed"])
                count += 1
    return count


def _open(refund: Refund) -> Refund:
    _locked(refund.order)
    known = Refund.objects.select_for_update().get(pk=refund.pk)
    if known.state != Refund.State.REQUESTED:
        raise NotOpen
    return known


def _locked(order: Order) -> None:
    locked_order(order.source, order.number)


def _language_of(refund: Refund) -> str:
    person = getattr(refund.order, "person", None)
    return person.language if person else settings.LANGUAGE_CODE


def _trace(name: str, refund: Refund, actor: str) -> None:
    told = {"order": refund.order.number, "refund": refund.public_id}
    record(name, subject=refund.order.subject, actor=actor, **told)

"""A visitor's cookie choices become the customer's when they sign in; nobody's are taken from somebody else."""

from __future__ import annotations

import logging
from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.db import DatabaseError, transaction
from django.dispatch import receiver
from django.http import HttpRequest

from cabinet.consents.models import NUMBER, CookieReceipt, ReceiptOwner
from cabinet.customers.models import Customer
from cms_pages.cookie_answer import Answer

FARTHEST = 50  # earlier choices of one browser that are followed back; nobody changes their mind more often in a year
log = logging.getLogger("kelisim.consents")


@receiver(user_logged_in, dispatch_uid="consents.join_choices")
def join_at_sign_in(sender: Any, request: HttpRequest | None, user: Any, **kwargs: Any) -> None:
    """Join what this browser has chosen; a ledger that cannot be written keeps nobody from signing in."""
    number = Answer.of(request).receipt if request else ""
    if not NUMBER.fullmatch(number):
        return
    try:
        join(number, user)
    except DatabaseError:
        log.exception("consents.join_failed")


@transaction.atomic
def join(number: str, user: Any) -> int:
    """Make this choice and the earlier ones of the same browser the customer's; return how many became theirs.

    It stops at the first that is anybody's: in a browser that two people share, each keeps what was theirs.
    """
    if not Customer.objects.filter(user=user.pk).exists():
        return 0  # staff have no cabinet to see it in
    receipt, joined = _unowned(public_id=number), 0
    while receipt and joined < FARTHEST:
        _row, made = ReceiptOwner.objects.get_or_create(receipt=receipt, defaults={"user": user})
        if not made:
            break
        joined += 1
        receipt = _unowned(pk=receipt.follows_id)
    return joined


def _unowned(**key: Any) -> CookieReceipt | None:
    found: CookieReceipt | None = CookieReceipt.objects.filter(ownership=None, **key).first()
    return found

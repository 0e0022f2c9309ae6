"""Accounts whose e-mail nobody ever confirmed: perhaps the address is somebody else's, so they go by themselves."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.deletion import Collector, ProtectedError, RestrictedError
from django.utils import timezone

from cabinet.audit.forgetting import forget
from cabinet.audit.recording import record
from cabinet.consents.ledger import Channel
from cabinet.consents.models import ConsentReceipt
from cabinet.customers.models import User
from cabinet.privacy.terms import singly

SIGN_UP_TAKES = timedelta(minutes=1)  # receipts of the form itself

# What signing up makes, and goes with the account. Whoever has anything else, an order above all, stays.
OF_SIGN_UP = {
    "customers.User",
    "customers.Customer",
    "account.EmailAddress",
    "account.EmailConfirmation",
    "consents.SignedName",
    "consents.ReceiptOwner",
    "notices.Letter",
}


def unconfirmed(at: datetime) -> QuerySet[User]:
    """Return accounts of customers that nobody has confirmed or used for UNCONFIRMED_DAYS; none where that is 0."""
    if not settings.UNCONFIRMED_DAYS:
        return User.objects.none()
    before = at - timedelta(days=settings.UNCONFIRMED_DAYS)
    confirmed = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
    waiting = EmailAddress.objects.filter(user=OuterRef("pk"), verified=False)
    accounts = User.objects.filter(is_staff=False, is_superuser=False, is_demo=False, last_login=None)
    accounts = accounts.filter(Exists(waiting), ~Exists(confirmed), date_joined__lte=before, customer__isnull=False)
    return accounts.filter(~Exists(said_elsewhere()))


def said_elsewhere() -> QuerySet[Any]:
    """Return answers about consent that were not given by the form of sign-up itself."""
    receipts = ConsentReceipt.objects.filter(subject=OuterRef("customer__subject"))
    later = Q(at__gt=OuterRef("date_joined") + SIGN_UP_TAKES)
    return receipts.filter(later | Q(follows__isnull=False) | ~Q(channel=Channel.SITE))


@singly("customers.account", "customers.User", unconfirmed, goes=lambda account: not has_left_traces(account))
@transaction.atomic
def delete(pk: int) -> bool:
    """Delete the account, unless it was confirmed this moment or has left other traces; say whether it went.

    Receipts of what was ticked at sign-up stay, for a proof is never edited; with the account goes what led from them
    to anybody.
    """
    list(EmailAddress.objects.select_for_update().filter(user=pk))  # whoever confirms now is first, or too late
    account = unconfirmed(timezone.now()).select_for_update(of=("self",)).filter(pk=pk).first()
    if account is None or has_left_traces(account):
        return False
    subject = account.customer.subject
    account.delete()
    forget(subject)
    record("customers.account.lapsed", subject=subject)
    return True


def has_left_traces(account: User) -> bool:
    """Say whether rows hang on the account that signing up does not make; what is protected counts, too."""
    collector = Collector(using="default", origin=account)
    try:
        collector.collect([account])
    except (ProtectedError, RestrictedError):
        return True
    going = {model for model, rows in collector.data.items() if rows}
    going |= {rows.model for rows in collector.fast_deletes if rows.exists()}
    changing = any(
        rows.exists() if isinstance(rows, QuerySet) else rows for group in updates(collector) for rows in group
    )
    return changing or not {model._meta.label for model in going} <= OF_SIGN_UP


def updates(collector: Any) -> Any:
    """Return the rows that would lose their link to the account."""
    return collector.field_updates.values()

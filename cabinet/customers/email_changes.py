"""A changed sign-in address: told to the old one, which may take it back for a week."""

from __future__ import annotations

import secrets
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from cabinet.audit.recording import record
from cabinet.customers.models import Customer, EmailChange, User
from cabinet.customers.told_shop import tell_of_change

UNDO_WITHIN = timedelta(days=7)  # somebody on a short holiday still reads the letter in time


def is_taken(email: str, *, but_by: User | None = None) -> bool:
    """Tell whether an account has this address, or may still take it back."""
    owners = {*User.objects.filter(email=email).values_list("pk", flat=True)}
    owners.update(_open().filter(old_email=email).values_list("user_id", flat=True))
    return bool(owners - {but_by.pk if but_by else None})


def _open() -> QuerySet[EmailChange]:
    return EmailChange.objects.filter(undone_at=None, changed_at__gt=timezone.now() - UNDO_WITHIN)


def offer_undo(user: User, *, old_email: str, new_email: str) -> str:
    """Remember a change and return the path under which the old address takes it back; only its hash is kept."""
    token = secrets.token_urlsafe(32)
    EmailChange.objects.create(user=user, old_email=old_email, new_email=new_email, token_sha256=_hashed(token))
    _tell_shop(user)
    record("customers.email.changed", subject=subject_of(user), actor=user.public_id)
    return reverse("email_undo", args=[token])


def find_change(token: str) -> EmailChange | None:
    """Return the change that this link takes back; nothing when the link is used, too old, or not ours."""
    change = _open().select_related("user").filter(token_sha256=_hashed(token)).first()
    return change if change and not is_taken(change.old_email, but_by=change.user) else None


@transaction.atomic
def undo(token: str) -> EmailChange | None:
    """Give the account its old address back, end all sessions, make every older link worthless; None: a dead link."""
    change = find_change(token)
    if change is None:
        return None
    Customer.objects.select_for_update().filter(user=change.user).first()  # locked first, as everywhere
    user = User.objects.select_for_update().get(pk=change.user_id)
    # Later changes go with this one; an earlier one stays, else whoever made both could take away its owner's link.
    later = user.email_changes.filter(undone_at=None, changed_at__gte=change.changed_at)
    if not later.filter(pk=change.pk).exists():
        return None
    later.update(undone_at=timezone.now())
    _give_back(user, change.old_email)
    _tell_shop(user)
    record("customers.email.restored", subject=subject_of(user))
    return change


def _give_back(user: User, email: str) -> None:
    EmailAddress.objects.filter(user=user).delete()
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    user.email = email
    # Reset links hold the second of the last sign-in; one in which nobody can have signed in yet kills them all.
    user.last_login = timezone.now() + timedelta(seconds=1)
    user.end_sessions()
    user.save(update_fields=["email", "last_login", "session_salt"])


def _tell_shop(user: User) -> None:
    for customer in Customer.objects.filter(user=user):  # staff are none
        tell_of_change(customer, ["email"])


def subject_of(user: User) -> UUID | None:
    """Return the customer's pseudonym for the log; staff have none."""
    return Customer.objects.filter(user=user).values_list("subject", flat=True).first()


def _hashed(token: str) -> str:
    return sha256(token.encode()).hexdigest()

"""Colleagues come by invitation: a letter with a link under which they choose their own password."""

from __future__ import annotations

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.account.signals import password_changed, password_reset, password_set
from allauth.account.utils import user_pk_to_url_str
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest

from cabinet.customers.models import User


@transaction.atomic
def invite(user: User) -> None:
    """Write to a new account; nobody, an administrator neither, knows its password."""
    user.set_unusable_password()
    user.save(update_fields=["password"])
    EmailAddress.objects.get_or_create(user=user, email=user.email, defaults={"primary": True})
    token = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    url = get_adapter().get_reset_password_from_key_url(f"{user_pk_to_url_str(user)}-{token}")
    context = {"user": user, "invitation_url": url}
    get_adapter().send_mail("account/email/invitation", user.email, context)


@transaction.atomic
def follow_email(user: User) -> None:
    """Make the account's e-mail its only address again; a new one is confirmed at the next sign-in."""
    addresses = EmailAddress.objects.filter(user=user)
    addresses.exclude(email=user.email).delete()
    if not addresses.exists():
        EmailAddress.objects.create(user=user, email=user.email, primary=True)


@receiver(password_reset)
def count_letter_as_confirmation(request: HttpRequest, user: User, **kwargs: object) -> None:
    """Who opened the link of our letter reads that mailbox, so do not ask to confirm it once more."""
    EmailAddress.objects.filter(user=user, email=user.email).update(verified=True)


@receiver([password_changed, password_set, password_reset])
def drop_pending_address(user: User, **kwargs: object) -> None:
    """Let the link to confirm another address die with the password: whoever asked for it may have been an intruder."""
    EmailAddress.objects.filter(user=user, verified=False).exclude(email=user.email).delete()

"""Accounts in Wagtail: colleagues are invited by letter, and everybody finds their sign-in settings."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from cabinet.customers.invitations import follow_email, invite


@hooks.register("after_create_user")
def send_invitation(request: HttpRequest, user: Any) -> None:
    """Write to the new colleague; nobody chooses a password for somebody else."""
    invite(user)


@hooks.register("after_edit_user")
def keep_email_in_step(request: HttpRequest, user: Any) -> None:
    """Let a changed e-mail be the one to sign in with, once it is confirmed."""
    follow_email(user)


@hooks.register("register_account_menu_item")
def sign_in_settings(request: HttpRequest) -> dict[str, Any]:
    """Lead from Wagtail's account page to password, codes and sessions."""
    return {
        "url": reverse("mfa_index"),
        "label": _("Sign-in and security"),
        "help_text": _("Password, codes, passkeys, and where you are signed in."),
    }

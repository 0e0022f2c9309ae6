"""The letters of accounts, each with sample data for who wants to see it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language

from cabinet.notices.kinds import register

ACCOUNT = (
    "account_already_exists",
    "email_changed",
    "email_confirm",
    "email_confirmation",
    "email_confirmation_signup",
    "email_deleted",
    "email_restored",
    "invitation",
    "login_code",
    "password_changed",
    "password_reset",
    "password_reset_key",
    "password_set",
    "second_factor_reset",
    "unknown_account",
)
FACTORS = ("recovery_codes_generated", "totp_activated", "totp_deactivated", "webauthn_added", "webauthn_removed")

LINKS = ("activate_url", "invitation_url", "password_reset_url", "sign_in_url", "sign_up_url", "undo_url")


def sample() -> dict[str, Any]:
    """Return what django-allauth and we would give these letters, of nobody."""
    link = f"{settings.SITE_URL}/{get_language()}/accounts/"
    return {
        "email": "sample@kelisim.example",
        "from_email": "before@kelisim.example",
        "to_email": "sample@kelisim.example",
        "deleted_email": "before@kelisim.example",
        "timestamp": timezone.now(),
        "code": "SAMPLE",
        "ip": "192.0.2.1",  # of the range for examples (RFC 5737)
        "user_agent": "Firefox",
        **dict.fromkeys(LINKS, f"{link}sample/"),
    }


register([f"account/email/{name}" for name in ACCOUNT] + [f"mfa/email/{name}" for name in FACTORS], sample)

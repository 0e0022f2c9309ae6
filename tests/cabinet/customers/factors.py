"""Second factors of test people, as allauth keeps them."""

from __future__ import annotations

import time
from typing import Any

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.internal.userkit import user_id_to_str
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.test import Client

from cabinet.customers.totp import step_now

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def give_totp(user: Any) -> Authenticator:
    """Give the person an authenticator app and a confirmed address, which allauth asks for."""
    EmailAddress.objects.get_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
    found = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    return found or TOTP.activate(user, SECRET).instance


def code(steps_from_now: int = 0) -> str:
    """Return the code that the app shows."""
    return format_hotp_value(hotp_value(SECRET, step_now() + steps_from_now))


def show_second_factor(client: Client, user: Any) -> None:
    """Write into the session what a shown code leaves there."""
    authenticator = give_totp(user)
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        {"method": "password", "at": time.time(), "email": user.email},
        {"method": "mfa", "at": time.time(), "id": authenticator.pk, "type": authenticator.type},
    ]
    session["account_authentication_methods_user"] = user_id_to_str(user)
    session.save()

"""Codes of an authenticator app: each opens the door once, on whichever worker it is typed (ASVS 6.5.1)."""

from __future__ import annotations

import time

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.db import transaction

SPENT = "spent"  # in Authenticator.data: the time steps whose codes were used


def step_now() -> int:
    """Return the number of the current time step (RFC 6238, 4.2)."""
    return int(time.time()) // app_settings.TOTP_PERIOD


def open_steps() -> range:
    """Return the time steps whose codes are taken now: clocks of telephones go wrong a little."""
    tolerance = app_settings.TOTP_TOLERANCE
    return range(step_now() - tolerance, step_now() + tolerance + 1)


def unspent_steps(authenticator: Authenticator) -> list[int]:
    """Return those of them whose code was not used yet."""
    return [step for step in open_steps() if step not in authenticator.data.get(SPENT, [])]


@transaction.atomic
def spend(authenticator: Authenticator, code: str) -> bool:
    """Mark the code as used; return no when it was used before."""
    # allauth remembers used codes in the cache, which may belong to one worker, and for one step of the three.
    row = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
    secret = decrypt(row.data["secret"])
    fresh = [step for step in unspent_steps(row) if format_hotp_value(hotp_value(secret, step)) == code.strip()]
    if not fresh:
        return False
    still_open = [step for step in row.data.get(SPENT, []) if step in open_steps()]
    row.data[SPENT] = [*still_open, *fresh]
    row.save(update_fields=["data"])
    return True

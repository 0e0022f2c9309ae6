"""The letter by which a person learns of an emergency access."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cabinet.notices.kinds import register
from cabinet.notices.posting import post

EMERGENCY = "orders/letters/emergency"


def tell_of_emergency(*, to: str, language: str, account: Any, reason: str, until: str) -> None:
    """Write to the person who looks, why, and until when."""
    post(EMERGENCY, to=to, language=language, account=account, context=_told(reason, until, language, bool(account)))


def _told(reason: str, until: str, language: str, has_account: bool) -> dict[str, Any]:
    readers_url = f"{settings.SITE_URL}/{language}/cabinet/data/readers/" if has_account else ""
    return {"reason": reason, "until": until, "readers_url": readers_url}


def sample() -> dict[str, Any]:
    """Return an access to nobody's orders."""
    return _told(_("An answer to a court"), "12:00", get_language() or settings.LANGUAGE_CODE, has_account=True)


register([EMERGENCY], sample)

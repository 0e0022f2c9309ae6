"""The two letters to somebody whose account nobody has used for very long."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language

from cabinet.customers.models import Customer
from cabinet.notices.kinds import register
from cabinet.notices.posting import post

FIRST, LAST = "privacy/letters/idle_first", "privacy/letters/idle_last"


def tell(template: str, customer: Customer, day: datetime) -> None:
    """Post one of the letters, in the person's language; `day` is before which nothing is deleted."""
    context = _context(customer.language, day)
    post(template, to=customer.user.email, language=customer.language, context=context, account=customer.user)


def _context(language: str, day: datetime) -> dict[str, Any]:
    ours = f"{settings.SITE_URL}/{language}/cabinet/"
    return {"day": day, "url": ours, "data_url": f"{ours}data/"}


def sample() -> dict[str, Any]:
    """Return what an account of nobody is told."""
    return _context(get_language() or settings.LANGUAGE_CODE, timezone.now() + timedelta(days=7))


register([FIRST, LAST], sample)

"""The letters of the room, with sample data for who wants to see them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language

from cabinet.notices.kinds import register

COPY_READY = "privacy/letters/copy_ready"
COPY_FAILED = "privacy/letters/copy_failed"


def context(until: datetime | None = None) -> dict[str, Any]:
    """Return what the letters say; their link opens nothing without a sign-in."""
    return {"until": until, "url": f"{settings.SITE_URL}/{get_language()}/cabinet/data/export/"}


def sample() -> dict[str, Any]:
    """Return a copy of nobody."""
    return context(timezone.now() + settings.COPY_LIFETIME)


register([COPY_READY, COPY_FAILED], sample)

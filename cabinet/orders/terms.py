"""Until when an order may be objected to, and until when its papers are kept; in the shop's zone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from cabinet.register.regimes import Event, due, regime


def objections_until(delivered_at: datetime, classes: Iterable[str]) -> datetime:
    """Return the last moment for objections: the longest period of the classes of goods in the order (policy 6.3)."""
    own = settings.OBJECTION_DAYS_BY_CLASS
    days = max((own.get(each, settings.OBJECTION_DAYS) for each in classes), default=settings.OBJECTION_DAYS)
    return replace(regime().deadline(Event.OBJECTIONS), amount=days).due(delivered_at)


def tax_until(placed_at: datetime) -> datetime:
    """Return until when papers of a sale are kept: so many years after the end of the calendar year of the sale."""
    year = timezone.localtime(placed_at, timezone.get_default_timezone()).year
    return due(Event.TAX, datetime(year, 12, 31, 23, 59, 59, tzinfo=timezone.get_default_timezone()))

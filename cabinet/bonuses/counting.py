"""Bonuses in words and figures, as each language counts them."""

from __future__ import annotations

from decimal import Decimal

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cabinet.bonuses.expiry import Expiring

FRACTION = 2  # “1.5 bonuses”: in English the plural, in Russian the form of two (1,5 бонуса)


def figure(amount: Decimal, *, signed: bool = False) -> str:
    """Return “1 250” or “1 250,50” in the active language; `signed` puts + or − before it."""
    size = abs(amount)
    places = 0 if size == size.to_integral_value() else 2
    text = number_format(size, places, force_grouping=True)
    sign = "−" if amount < 0 else "+" if signed else ""
    return f"{sign}{text}"


def counted(amount: Decimal) -> str:
    """Return “1 250 bonuses” in the active language."""
    whole = amount == amount.to_integral_value()
    words = ngettext("%(figure)s bonus", "%(figure)s bonuses", abs(int(amount)) if whole else FRACTION)
    return words % {"figure": figure(amount)}


def expiring(first: Expiring | None) -> str:
    """Return the sentence of what expires next; empty where nothing does."""
    if first is None:
        return ""
    told = {"bonuses": counted(first.amount), "day": date_format(first.day, "DATE_FORMAT")}
    return _("%(bonuses)s can be used until %(day)s.") % told

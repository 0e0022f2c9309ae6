"""Sums of money as each language writes them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import number_format

SIGN = "\N{NO-BREAK SPACE}₸"

CENT = Decimal("0.01")


def rounded(amount: Decimal) -> Decimal:
    """Return a sum with two places, half a tiyin rounded up as a till does."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def tenge(amount: Decimal) -> str:
    """Return “12 500 ₸” or “12 500,50 ₸” in the active language; no tiyin where there are none."""
    places = 0 if amount == amount.to_integral_value() else 2
    return f"{number_format(amount, places, force_grouping=True)}{SIGN}"


def measure(quantity: Decimal) -> str:
    """Return “2” or “0,35”: how much of something, without the noughts behind."""
    text = f"{quantity:f}".rstrip("0").rstrip(".") if quantity != quantity.to_integral_value() else f"{quantity:.0f}"
    places = len(text.partition(".")[2])
    return number_format(Decimal(text), places, force_grouping=True)

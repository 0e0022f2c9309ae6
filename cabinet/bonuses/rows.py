"""A movement as the page of bonuses shows it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.db.models import QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from cabinet.bonuses.counting import figure
from cabinet.bonuses.models import Movement

WAYS = {"came": {"amount__gt": 0}, "went": {"amount__lt": 0}}


def moved(own: QuerySet[Movement], way: str) -> QuerySet[Movement]:
    """Return what came, what went, or for any other word all."""
    return own.filter(**WAYS.get(way, {}))


@dataclass(frozen=True)
class Row:
    """One line of the page."""

    movement: Movement
    order_url: str  # empty where there is no order, or no page of one

    @property
    def amount(self) -> str:
        """Return how many came or went, with the sign."""
        return figure(self.movement.amount, signed=True)

    @property
    def came(self) -> bool:
        """Say whether bonuses came."""
        return self.movement.amount > 0

    @property
    def is_past(self) -> bool:
        """Say whether what came is no longer valid, if it was not spent."""
        return bool(self.movement.expires_at and self.movement.expires_at <= timezone.now())


def rows_of(movements: list[Movement]) -> list[Row]:
    """Return the movements, each with the way to its order."""
    known = lru_cache(order_url)
    return [Row(each, known(each.order_number)) for each in movements]


def order_url(number: str) -> str:
    """Return where the order is shown; the room of orders, on the same floor, is known by its address alone."""
    try:
        return reverse("order", args=[number]) if number else ""
    except NoReverseMatch:
        return ""

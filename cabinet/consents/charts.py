"""Bars of allowed and refused, as numbers for a template to draw."""

from __future__ import annotations

from dataclasses import dataclass

from cabinet.consents.counting import Answers, Period

MOST_BARS = 92  # a quarter day by day; of a longer time one bar stands for several days
HEIGHT = 1000  # units of the drawing from the base line to its highest bar
STEP, WIDTH = 10, 8  # units from bar to bar, and of a bar


@dataclass(frozen=True)
class Bar:
    """One bar: allowed stands on the base line, refused on top of it."""

    x: int
    allowed: int
    refused: int

    @property
    def top(self) -> int:
        """Return where allowed begins; a drawing counts from above."""
        return HEIGHT - self.allowed

    @property
    def highest(self) -> int:
        """Return where refused begins."""
        return self.top - self.refused


@dataclass(frozen=True)
class Chart:
    """The bars of one group."""

    sums: Answers
    bars: list[Bar]
    most: int  # answers in the highest bar
    days_a_bar: int
    width: int
    height: int = HEIGHT
    bar_width: int = WIDTH


def chart(sums: Answers, days: list[Answers], period: Period) -> Chart:
    """Return the bars of a group; `days` are its answers in the period."""
    together = -(-period.days // MOST_BARS)
    count = -(-period.days // together)
    allowed, refused = [0] * count, [0] * count
    for each in days:
        place = (each.day - period.first).days // together if each.day else 0
        allowed[place] += each.allowed
        refused[place] += each.refused
    most = max((yes + no for yes, no in zip(allowed, refused, strict=True)), default=0)
    scale = HEIGHT / most if most else 0
    bars = [
        Bar(place * STEP, round(allowed[place] * scale), round(refused[place] * scale))
        for place in range(count)
        if allowed[place] + refused[place]
    ]
    return Chart(sums, bars, most, together, count * STEP)

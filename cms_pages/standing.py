"""Which of a document's editions is in force, which comes next, which never will be: decided here and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from django.utils import timezone

if TYPE_CHECKING:
    from cms_pages.models.edition import Edition

State = Literal["in_force", "coming", "past", "superseded"]


@dataclass(frozen=True)
class Placed:
    """An edition with the time it is in force; `until` is None while nothing is to replace it."""

    edition: Edition
    until: datetime | None
    state: State


class Standing:
    """A document's editions, newest first, at one moment.

    An edition is in force from its date until the earliest date of a newer one. When that is not later than its own
    date it is *superseded*: it never comes into force. So the newest edition whose date has come is in force.
    """

    def __init__(self, editions: Sequence[Edition], at: datetime | None = None) -> None:
        """Place the editions, given newest first, as they stand at `at` (now)."""
        self.at = at or timezone.now()
        self.placed = [self._place(edition, editions[:index]) for index, edition in enumerate(editions)]
        self.in_force = self._first("in_force")
        ahead = [placed.edition for placed in self.placed if placed.state == "coming"]
        self.coming = min(ahead, key=lambda edition: edition.in_force_from, default=None)

    def _place(self, edition: Edition, newer: Sequence[Edition]) -> Placed:
        until = min((other.in_force_from for other in newer), default=None)
        return Placed(edition, until, self._state(edition.in_force_from, until))

    def _state(self, begins: datetime, until: datetime | None) -> State:
        if until is not None and until <= begins:
            return "superseded"
        if begins > self.at:
            return "coming"
        return "past" if until is not None and until <= self.at else "in_force"

    def _first(self, state: State) -> Edition | None:
        return next((placed.edition for placed in self.placed if placed.state == state), None)

"""By when a request is to be answered: each kind has its clock in the shop's regime (cabinet/register/regimes.py)."""

from __future__ import annotations

from datetime import datetime

from cabinet.desk.models import Kind
from cabinet.register.regimes import Deadline, Event, due, regime

CLOCKS = {
    Kind.INFORMATION: Event.INFORMATION,
    Kind.CORRECTION: Event.CORRECT,
    Kind.DELETION: Event.WITHDRAWAL,
    Kind.OBJECTION: Event.CLAIM,
    Kind.QUESTION: Event.INFORMATION,  # no law counts these days; the shop takes no longer than for a request of it
}


def answer_by(kind: str, since: datetime) -> datetime:
    """Return until when a request that came at a moment is to be answered."""
    return due(CLOCKS[Kind(kind)], since)


def deadline_of(kind: str) -> Deadline:
    """Return how long the answer may take, and who says so."""
    return regime().deadline(CLOCKS[Kind(kind)])

"""What the log tells of one person: what happened, and who on staff looked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from cabinet.audit.models import Event
from cabinet.audit.recording import READ


@dataclass(frozen=True)
class Happened:
    """An event and what it tells; `payload` is empty once it has been forgotten."""

    sequence: int
    at: datetime
    name: str
    actor: str
    payload: dict[str, Any]


@dataclass(frozen=True)
class Look:
    """Somebody on staff saw something of a person; `reader` is a public id, the words go with the payload."""

    reader: str
    what: str
    reason: str
    at: datetime


def history_of(*subjects: UUID, limit: int | None = None) -> list[Happened]:
    """Return what happened to the person under any of their marks, the newest first, in one query."""
    events = Event.objects.of(*subjects)[:limit]
    return [Happened(event.sequence, event.at, event.name, event.actor, event.tells()) for event in events]


def reads_of(*subjects: UUID, limit: int | None = None) -> list[Look]:
    """Return who on staff looked at the person's data, what for and when, the newest first, in one query."""
    return [look(event) for event in Event.objects.of(*subjects).filter(name=READ)[:limit]]


def look(event: Event) -> Look:
    """Return what a read tells."""
    told = event.tells()
    return Look(event.actor, told.get("what", ""), told.get("reason", ""), event.at)


def batches_of(*subjects: UUID, size: int = 2000) -> Iterator[list[Happened]]:
    """Yield everything that happened to the person, the oldest first and without what it tells, batch by batch."""
    found = Event.objects.filter(subject__in=[str(each) for each in subjects]).order_by("sequence")
    after = 0
    while rows := list(found.filter(sequence__gt=after).values_list("sequence", "at", "name", "actor")[:size]):
        yield [Happened(*row, {}) for row in rows]
        after = rows[-1][0]

"""Walking along the chain: is every event as it was written, and does the chain stand where it was anchored?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from django.db import DatabaseError

from cabinet.audit.chain import GENESIS, Facts, commitment_of
from cabinet.audit.models import Event

if TYPE_CHECKING:
    from cabinet.audit.anchors import Anchor

AT_ONCE = 2_000  # rows in memory, some kilobytes each at the most
STEP = 100_000  # rows between two words of progress
UNREADABLE = (ValueError, TypeError, AttributeError)  # SQLite keeps anything in any column
COLUMNS = (*Facts._fields, "hash", "payload__salt", "payload__text")


class ChainBroken(Exception):
    """The log is not as it was written; the message is one sentence that names the first bad row."""


class Row(NamedTuple):
    """An event as the database holds it, with its payload where that still stands."""

    facts: Facts
    hash: str
    salt: str | None
    text: str | None


@dataclass
class Walk:
    """How far the chain was found whole."""

    sequence: int = 0
    hash: str = GENESIS
    forgotten: int = 0

    @property
    def newest(self) -> tuple[int, str] | None:
        """Return number and hash of the last event; None when there is no event."""
        return (self.sequence, self.hash) if self.sequence else None


def verify_chain(anchors: Sequence[Anchor], since: int = 1, tell: Callable[[int], None] = lambda done: None) -> Walk:
    """Return where the chain ends; raise ChainBroken at the first row that does not fit. Memory does not grow.

    `since` is the number of an anchored event to begin with; `tell` hears how many events are done.
    """
    walk, anchored = Walk(since - 1), {anchor.seq: anchor for anchor in anchors}
    for row in rows(walk):
        check_place(row, walk, begins=1 < since == row.facts.sequence)
        check_words(row)
        check_anchor(row, anchored.get(row.facts.sequence))
        walk.sequence, walk.hash = row.facts.sequence, row.hash
        walk.forgotten += row.text is None
        if walk.sequence % STEP == 0:
            tell(walk.sequence)
    check_end(walk, anchors)
    return walk


def rows(walk: Walk) -> Iterator[Row]:
    """Yield events in their order, from where the walk is; raise ChainBroken naming one that cannot be read."""
    # A text that SQLite cannot decode spoils its whole portion: the second time they are read one by one.
    for size in (AT_ONCE, 1):
        with suppress(*UNREADABLE, DatabaseError):
            yield from portions(walk, size)
            return
    raise ChainBroken(f"Event {walk.sequence + 1} cannot be read: it was changed, or the database fails.")


def portions(walk: Walk, size: int) -> Iterator[Row]:
    """Yield events in their order, from where the walk is, so many of them in memory."""
    events = Event.objects.order_by("sequence").values_list(*COLUMNS)
    if walk.sequence:
        events = events.filter(sequence__gt=walk.sequence)
    for columns in events.iterator(chunk_size=size):
        yield Row(Facts(*columns[:7]), *columns[7:])


def check_place(row: Row, walk: Walk, begins: bool) -> None:
    """Raise ChainBroken unless the row is the next one and, where it does not begin the walk, follows the last."""
    number, expected = row.facts.sequence, walk.sequence + 1
    if number < expected:
        raise ChainBroken(f"Event {number} was put in: the chain goes on with event {expected}.")
    if number > expected:
        raise ChainBroken(f"Event {expected} is missing.")
    if row.facts.previous != walk.hash and not begins:
        raise ChainBroken(f"Event {number} was changed, put in, or the one before it rewritten: it does not follow it.")


def check_words(row: Row) -> None:
    """Raise ChainBroken unless the row has the hash it was written with, and the payload that it commits to."""
    number = row.facts.sequence
    if not is_sound(lambda: row.facts.hash() == row.hash):
        raise ChainBroken(f"Event {number} was changed: its facts do not have the hash it was written with.")
    if row.salt is None or row.text is None:
        return
    salt, text = row.salt, row.text
    if not is_sound(lambda: commitment_of(salt, text) == row.facts.commitment):
        raise ChainBroken(f"Event {number}: its payload was changed, it is not what the event commits to.")


def is_sound(compare: Callable[[], bool]) -> bool:
    """Say whether the comparison holds; what cannot even be hashed is not as it was written."""
    try:
        return compare()
    except UNREADABLE:
        return False


def check_anchor(row: Row, anchor: Anchor | None) -> None:
    """Raise ChainBroken unless the row is the one that was anchored."""
    if anchor and anchor.hash != row.hash:
        raise ChainBroken(
            f"Event {anchor.seq} is not the one that was anchored on {anchor.at}: it or an earlier one was rewritten."
        )


def check_end(walk: Walk, anchors: Sequence[Anchor]) -> None:
    """Raise ChainBroken when an anchor stands behind the end of the chain."""
    if anchors and anchors[-1].seq > walk.sequence:
        last = anchors[-1]
        raise ChainBroken(
            f"Event {walk.sequence + 1} is missing: the chain was cut, event {last.seq} was anchored on {last.at}."
        )

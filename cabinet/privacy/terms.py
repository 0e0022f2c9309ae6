"""Rows whose term has run out, and how they go: in short steps, each of which may be the last (trust.md, i5)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import QuerySet

from cabinet.audit.recording import record
from cabinet.privacy import fault_points
from cabinet.register.batches import SEALED, delete_among, locked_keys
from cabinet.register.wording import AT, Asked, worded

BATCH = 500  # rows of one transaction: some tens of milliseconds, under the 200 that others may be kept waiting
ENFORCED = "privacy.retention.enforced"

Due = Callable[[datetime], QuerySet[Any]]  # what may go at a moment; one query
Counts = Counter[str]  # {"erased": 3, "restricted": 1, "anonymised": 2}: rows


def _delete(rows: QuerySet[Any], at: datetime) -> Counts:
    return Counter(erased=delete_among(rows.model, locked_keys(rows)))


def _count(rows: QuerySet[Any], at: datetime) -> Counts:
    return Counter(erased=rows.order_by().count())


@dataclass(frozen=True)
class InBatches:
    """Rows of a model that go many at a time; the audit log counts them in the transaction in which they go."""

    category: str
    model: str
    due: Due
    deed: Callable[[QuerySet[Any], datetime], Counts] = _delete  # done to some of them
    expected: Callable[[QuerySet[Any], datetime], Counts] = _count  # what the deed would do
    lock: Callable[[QuerySet[Any], datetime], object] = lambda rows, at: None  # what might come to hold them meanwhile
    is_sealing: bool = False
    name: Hashable = ""  # tells it from the other rules of its category and model

    def would(self, at: datetime) -> Counts:
        """Return what would go; as many queries however many rows there are."""
        return +self.expected(self.due(at), at)

    def go(self, at: datetime) -> Counts:
        """Have it go; twice, or in two processes at once, does no harm."""
        done: Counts = Counter()
        for pks in _some((self.category, self.model, self.name), self.due, at, SEALED if self.is_sealing else BATCH):
            done += self._batch(at, pks[0], pks[-1])
            fault_points.fault_point("term")
        return done

    @transaction.atomic
    def _batch(self, at: datetime, first: Any, last: Any) -> Counts:
        self.lock(self.due(at).filter(pk__gte=first, pk__lte=last), at)
        done = +self.deed(self.due(at).filter(pk__gte=first, pk__lte=last), at)  # asked anew: what is held now stays
        if done:
            record(ENFORCED, category=self.category, model=self.model, gone=dict(done))
        return done


@dataclass(frozen=True)
class Singly:
    """Rows that go one by one, by a deed of their own room, which leaves its own trace in the audit log."""

    category: str
    model: str
    due: Due
    deed: Callable[[Any], bool]  # told the key; asks once more, and says whether it went
    goes: Callable[[Any], bool] | None = None  # what the deed asks of a row beyond being due

    def would(self, at: datetime) -> Counts:
        """Return what would go."""
        due = self.due(at)
        return +Counter(erased=sum(map(self.goes, due)) if self.goes else due.order_by().count())

    def go(self, at: datetime) -> Counts:
        """Have each go; twice does no harm."""
        done = 0
        for pks in _some((self.category, self.model, self.due), self.due, at, BATCH):
            for pk in pks:
                done += self.deed(pk)
                fault_points.fault_point("single")
        return +Counter(erased=done)


Rule = InBatches | Singly
Deed = TypeVar("Deed", bound=Callable[[Any], bool])

own_rules: list[Rule] = []


def singly(category: str, model: str, due: Due, goes: Callable[[Any], bool] | None = None) -> Callable[[Deed], Deed]:
    """Have this done to each row that is due, when the terms of its category are enforced."""

    def take(deed: Deed) -> Deed:
        own_rules.append(Singly(category, model, due, deed, goes))
        return deed

    return take


def _some(name: Hashable, due: Due, at: datetime, size: int) -> Iterator[list[Any]]:
    """Yield the keys of what is due, batch by batch; each is past the one before, whatever became of that."""
    # Worded once, for nearly always nothing is due.
    pks = Asked(worded((_some, name, size), lambda: due(AT).order_by("pk")[:size]), at).keys()
    while pks:
        yield pks
        after = due(at).order_by("pk").values_list("pk", flat=True).filter(pk__gt=pks[-1])
        pks = list(after[:size]) if len(pks) == size else []

"""What the register says is past its term: declarations as rules that can be executed, never over a hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, partial, reduce
from operator import or_
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from cabinet.privacy.erasures import Erasure
from cabinet.privacy.locking_away import Locker, Put
from cabinet.privacy.plan import Part
from cabinet.privacy.restricting import Restricted
from cabinet.privacy.terms import Counts, InBatches
from cabinet.register.batches import delete_among, locked_keys
from cabinet.register.categories import Category, End, Held, Over
from cabinet.register.holds import Hold, Keeps, holds


@dataclass(frozen=True)
class Overdue(Part):
    """One declaration of the register, for everybody's rows that are past one of its terms."""

    over: Over

    @property
    def rows(self) -> QuerySet[Any]:
        """Return the rows, held or not; those of a deletion under way are its own, which has told how many they are."""
        found = self.over.rows(self.held.of(), self.at)
        if self.held.anonymise:
            found = found.filter(self.held.anonymise.todo)
        if self.deed != "restricted":
            return found
        return found.exclude(**{f"{self.held.owner}__in": Erasure.objects.live().values("customer__user")})

    def held_by(self, hold: Hold) -> QuerySet[Any]:
        """Return the rows that a hold stands on, whoever they are about."""
        return hold.rows(self.at)

    @cached_property
    def _kept(self) -> Q | None:
        # Row by row: in a shop of a million orders the law holds nearly all, and each batch would go through them.
        ways = [(hold, hold.way_from(self.held)) for hold in holds.over(self.category, Keeps.WHOLE)]
        each = [Q(Exists(self.held_by(hold).filter(pk=OuterRef(way)))) for hold, way in ways if way]
        return reduce(or_, each) if each else None

    def counts(self, rows: QuerySet[Any]) -> Counts:
        """Return what becomes of some free rows."""
        count = rows.order_by().count()
        locked = self.locked_among(rows).order_by().count() if self.deed == "restricted" else 0
        return Counter({"anonymised": count} if self.deed == "anonymised" else {"erased": count - locked}) + Counter(
            restricted=locked
        )

    def let_go(self, rows: QuerySet[Any]) -> Counts:
        """Erase some free rows, put what the law keeps of them under lock, or make them nobody's."""
        if self.held.anonymise:
            return Counter(anonymised=rows.order_by().update(**self.held.anonymise.changes()))
        restricts = self.deed == "restricted"
        # What comes to be due in between, and is more than one transaction seals, goes in the next run.
        put = Locker("", self).put(rows) if restricts else Put(locked_keys(rows))
        return Counter(erased=delete_among(self.held.of(), put.keys) - put.locked, restricted=put.locked)

    def lock(self, rows: QuerySet[Any]) -> None:
        """Keep whatever would hold some rows from coming to do so before they are gone."""
        ways = {(hold.on(), hold.way_from(self.held)) for hold in holds.over(self.category, Keeps.WHOLE)}
        for model, way in ways:
            if way:
                held_on = model._base_manager.filter(pk__in=rows.order_by().values(way)).order_by("pk")
                list(held_on.select_for_update().values_list("pk", flat=True))


def rules_of(category: Category) -> Iterator[InBatches]:
    """Yield what a category declares to go while the person stays, and what of it stands under lock to its day."""
    for held in category.held:
        for over in held.over:
            yield _rule(category, held, over)
    if any(end == End.RESTRICT for held in category.held for end in held.fields.values()):
        yield InBatches(category.key, "privacy.Restricted", partial(_no_longer_demanded, category))


def _rule(category: Category, held: Held, over: Over) -> InBatches:
    def part(at: datetime) -> Overdue:
        return Overdue(category, held, None, at, over)

    return InBatches(
        category.key,
        held.model,
        due=lambda at: part(at).free(),
        deed=lambda rows, at: part(at).let_go(rows),
        expected=lambda rows, at: part(at).counts(rows),
        lock=lambda rows, at: part(at).lock(rows),
        is_sealing=End.RESTRICT in held.fields.values(),
        name=(held.owner, held.anonymise, over),
    )


def _no_longer_demanded(category: Category, at: datetime) -> QuerySet[Any]:
    found: QuerySet[Any] = Restricted.objects.over(at).filter(category=category.key)
    return found

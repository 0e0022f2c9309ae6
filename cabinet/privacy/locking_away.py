"""Putting under lock what the law keeps of rows that are about to go."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import Any

from django.db import connection
from django.db.models import CharField, F, OuterRef, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast, Coalesce

from cabinet.privacy.plan import Part
from cabinet.privacy.restricting import Restricted, RestrictedReference
from cabinet.register.categories import End
from cabinet.register.holds import Hold

Words = tuple[Any, ...]  # until when, and what stands in each field that goes under lock
AT_ONCE = 1_000  # different words of one statement: SQLite takes 32,766 values in all


@dataclass
class Locker:
    """Seals what must stay of a part's rows; the same words, law and day once, however many rows have them."""

    erasure: str
    part: Part
    made: dict[str, dict[Words, int]] = field(default_factory=dict)  # key of each row under lock, by law and words

    @cached_property
    def names(self) -> list[str]:
        """Return the fields that go under lock."""
        return [name for name, end in self.part.held.fields.items() if end == End.RESTRICT]

    def put(self, rows: QuerySet[Any]) -> int:
        """Seal what must stay, and return of how many; to be called in the transaction that deletes the rows."""
        counts = [self._by(rows.filter(self.part.tells()), hold, way) for hold, way in self.part.locks()]
        return counts[0] if len(counts) == 1 else self.part.locked_among(rows).order_by().count()

    def _by(self, rows: QuerySet[Any], hold: Hold, way: str) -> int:
        held = hold.rows(self.part.at)
        until = Subquery(held.filter(pk=OuterRef(way)).order_by().values("held_until")[:1])
        texts = [Coalesce(Cast(name, TextField()), Value(""), output_field=TextField()) for name in self.names]
        number = Cast(F(f"{way}__{hold.reference}"), CharField(max_length=60))
        # A value, for out of EXISTS PostgreSQL makes a join that begins with all that the hold stands on.
        stands = Subquery(held.filter(pk=OuterRef(way)).order_by().values("pk")[:1])
        under = rows.alias(stands=stands).filter(stands__isnull=False).order_by()
        found: list[Words] = list(under.values_list(until, *texts).distinct())
        known = self._known(hold)
        known |= self._seal(hold, [words for words in found if words not in known])
        parts = (found[start : start + AT_ONCE] for start in range(0, len(found), AT_ONCE))
        told = under.values_list(until, *texts, number)
        return sum(_refer([(known[words], *words) for words in some], told) for some in parts)

    def _known(self, hold: Hold) -> dict[Words, int]:
        """Return what this erasure has sealed by a law before; where no erasure tells, nothing is known again."""
        if hold.law not in self.made:
            where = {"erasure": self.erasure, "category": self.part.category.key, "law": hold.law}
            rows: Iterable[Any] = Restricted.objects.filter(**where) if self.erasure else ()
            self.made[hold.law] = {(row.until, *(row.words[name] for name in self.names)): row.pk for row in rows}
        return self.made[hold.law]

    def _seal(self, hold: Hold, found: list[Words]) -> dict[Words, int]:
        rows = [
            Restricted(erasure=self.erasure, category=self.part.category.key, law=hold.law, until=until)
            for until, *_told in found
        ]
        for row, (_until, *told) in zip(rows, found, strict=True):
            row.words = dict(zip(self.names, told, strict=True))
        return {words: row.pk for words, row in zip(found, Restricted.objects.bulk_create(rows), strict=True)}


def _refer(words: list[tuple[Any, ...]], told: QuerySet[Any]) -> int:
    """Write the numbers of the papers beside their words, in one statement however many they are; return how many."""
    sql, params = told.query.get_compiler(connection=connection).as_sql()
    names = [f"word_{number}" for number in range(len(words[0]) - 1)]
    row = f"({', '.join(['%s'] * len(words[0]))})"
    same = " AND ".join(f"told.{name} = sealed.{name}" for name in names)
    values = [(pk, connection.ops.adapt_datetimefield_value(until), *texts) for pk, until, *texts in words]
    table = connection.ops.quote_name(RestrictedReference._meta.db_table)
    statement = (
        f"INSERT INTO {table} (restricted_id, reference)"  # noqa: S608  (all names are ours)
        f" WITH sealed (restricted, {', '.join(names)}) AS (VALUES {', '.join([row] * len(words))}),"
        f" told ({', '.join(names)}, reference) AS ({sql})"
        f" SELECT sealed.restricted, told.reference FROM told JOIN sealed ON {same}"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*chain.from_iterable(values), *params])
        return int(cursor.rowcount)

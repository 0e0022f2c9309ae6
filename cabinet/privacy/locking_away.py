"""Putting under lock what the law keeps of rows that are about to go."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Case, DateTimeField, F, QuerySet, Value, When

from cabinet.privacy.plan import Part
from cabinet.privacy.restricting import Restricted, RestrictedReference
from cabinet.register.batches import as_array
from cabinet.register.categories import End
from cabinet.register.holds import Hold

Words = tuple[Any, ...]  # until when, and what stands in each field that goes under lock


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

    def put(self, rows: QuerySet[Any]) -> tuple[list[Any], int]:
        """Seal what must stay of some rows; return the keys of all of them, and of how many something stays.

        To be called in the transaction that deletes these keys, with no more rows than one transaction takes.
        """
        locks = [(hold, "" if way == "pk" else f"{way}__") for hold, way in self.part.locks()]
        of_holds = [column for hold, before in locks for column in _columns(hold, before, self.part.at)]
        told = list(rows.order_by().values_list("pk", *self.names, *of_holds))
        first, under = 1 + len(self.names), set()
        texts = [_texts(row[1:first]) for row in told]
        for place, (hold, _before) in enumerate(locks):
            stands, until, paper = range(first + 3 * place, first + 3 * place + 3)
            found = [(row, words) for row, words in zip(told, texts, strict=True) if row[stands] and any(words)]
            self._keep(hold, [(row[until], *words) for row, words in found], [str(row[paper]) for row, _ in found])
            under |= {row[0] for row, _words in found}
        return [row[0] for row in told], len(under)

    def _keep(self, hold: Hold, found: list[Words], papers: list[str]) -> None:
        """Seal the words of those rows on which a hold stands, with the numbers of the papers."""
        known = self._known(hold)
        known |= self._seal(hold, [words for words in dict.fromkeys(found) if words not in known])
        _refer([known[words] for words in found], papers)

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


def _columns(hold: Hold, before: str, at: datetime) -> list[Any]:
    """Return whether a hold stands on the row to which a prefix of lookups leads, until when, and its number."""
    stands = Case(When(hold.when(at, before), then=True), default=False, output_field=BooleanField())
    until = F(f"{before}{hold.until}") if hold.until else Value(None, output_field=DateTimeField())
    return [stands, until, F(f"{before}{hold.reference}")]


def _texts(values: Iterable[Any]) -> Words:
    return tuple("" if value is None else str(value) for value in values)


def _refer(words: list[int], papers: list[str]) -> None:
    """Write the numbers of the papers beside their words, in one statement however many they are."""
    table = connection.ops.quote_name(RestrictedReference._meta.db_table)
    rows = "unnest(%s::bigint[], %s::text[])"
    values: list[Any] = [as_array(words), papers]
    if connection.vendor == "sqlite":
        rows = "(SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(%s))"
        values = [json.dumps(list(zip(words, papers, strict=True)))]
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} (restricted_id, reference) SELECT * FROM {rows}", values)  # noqa: S608

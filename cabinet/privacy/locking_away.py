"""Putting under lock what the law keeps of rows that are about to go."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import chain
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Aggregate, BooleanField, Case, DateTimeField, F, Func, QuerySet, TextField, Value, When

from cabinet.privacy.plan import Part
from cabinet.privacy.restricting import Restricted, RestrictedReference
from cabinet.register.batches import SEALED
from cabinet.register.categories import End
from cabinet.register.holds import Hold

Words = tuple[Any, ...]  # until when, and what stands in each field that goes under lock


class Put(NamedTuple):
    """What was done with some rows."""

    keys: list[Any]  # which may be deleted now
    locked: int = 0  # of how many of them something stands under lock
    is_all: bool = True  # no: there may be more to put


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

    def put(self, rows: QuerySet[Any]) -> Put:
        """Seal what must stay of some rows, or of the first of them where that is more than one transaction may seal.

        Return what may be deleted now, and whether that is all. To be called in the transaction that deletes it, with
        no more rows than one transaction takes.
        """
        key: Any = rows.model._meta.pk
        locks = self.part.locks()
        alike = list(self._alike(rows, locks)[:SEALED])
        keys, under = [[key.to_python(each) for each in json.loads(told)] for told, *_rest in alike], set()
        first = 1 + len(self.names)
        for place, (hold, _way) in enumerate(locks):
            stands, until, papers = range(first + 3 * place, first + 3 * place + 3)
            found = [(turn, row) for turn, row in enumerate(alike) if row[stands] and any(_texts(row[1:first]))]
            self._keep(hold, [((row[until], *_texts(row[1:first])), row[papers]) for _turn, row in found])
            under |= {turn for turn, _row in found}
        locked = sum(len(keys[turn]) for turn in under)
        return Put(list(chain.from_iterable(keys)), locked, is_all=len(alike) < SEALED)

    def _alike(self, rows: QuerySet[Any], locks: list[tuple[Hold, str]]) -> QuerySet[Any]:
        """Return for all rows of the same words and days: their keys, the words, and what each hold says of them."""
        same: dict[str, Any] = {}
        papers, names = {}, []
        for place, (hold, way) in enumerate(locks):
            before = "" if way == "pk" else f"{way}__"
            same |= {f"stands{place}": _stands(hold, before, self.part.at), f"until{place}": _until(hold, before)}
            papers[f"papers{place}"] = AsList(f"{before}{hold.reference}")
            names += [f"stands{place}", f"until{place}", f"papers{place}"]
        told = rows.order_by().values(*self.names, **same).annotate(_keys=AsList("pk"), **papers)
        return told.values_list("_keys", *self.names, *names)

    def _keep(self, hold: Hold, found: list[tuple[Words, str]]) -> None:
        """Seal the words of those rows on which a hold stands, with the numbers of the papers."""
        known = self._known(hold)
        known |= self._seal(hold, [words for words in dict.fromkeys(words for words, _ in found) if words not in known])
        _refer([(known[words], papers) for words, papers in found])

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


class AsList(Aggregate):
    """The values of many rows as one list of JSON, which goes back to the database as it came."""

    function = "json_agg"
    template = "%(function)s(%(expressions)s)::text"
    output_field = TextField()  # type: ignore[assignment]

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Return the same for SQLite."""
        return self.as_sql(compiler, connection, function="json_group_array", template=Func.template, **context)


def _stands(hold: Hold, before: str, at: datetime) -> Case:
    """Return whether a hold stands on the row to which a prefix of lookups leads."""
    return Case(When(hold.when(at, before), then=True), default=False, output_field=BooleanField())


def _until(hold: Hold, before: str) -> Any:
    return F(f"{before}{hold.until}") if hold.until else Value(None, output_field=DateTimeField())


def _texts(values: Iterable[Any]) -> Words:
    return tuple("" if value is None else str(value) for value in values)


PAPERS = {  # SQLite reads a list within a list anew for each of its values, so there each list is a statement
    "postgresql": "words, paper FROM json_to_recordset(%s) AS told(words bigint, papers json),"
    " json_array_elements_text(papers) paper",
    "sqlite": "%s, value FROM json_each(%s)",
}


def _refer(papers: list[tuple[int, str]]) -> None:
    """Write the numbers of the papers beside their words, at once however many they are."""
    table = connection.ops.quote_name(RestrictedReference._meta.db_table)
    insert = f"INSERT INTO {table} (restricted_id, reference) SELECT {PAPERS[connection.vendor]}"
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.executemany(insert, papers)
        else:
            told = ",".join(f'{{"words":{words},"papers":{numbers}}}' for words, numbers in papers)
            cursor.execute(insert, [f"[{told}]"])

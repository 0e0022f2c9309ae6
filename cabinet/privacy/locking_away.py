"""Putting under lock what the law keeps of rows that are about to go."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, CharField, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast

from cabinet.privacy.plan import Part
from cabinet.privacy.restricting import Restricted, RestrictedReference
from cabinet.register.categories import End
from cabinet.register.holds import Hold


def put_under_lock(erasure: str, part: Part, rows: QuerySet[Any]) -> int:
    """Seal what must stay of these rows, and return of how many; to be called in the transaction that deletes them."""
    names = [name for name, end in part.held.fields.items() if end == End.RESTRICT]
    for hold, way in part.locks():
        _by(erasure, part, rows.filter(part.tells()), hold, way, names)
    return part.locked_among(rows).order_by().count()


def _by(erasure: str, part: Part, rows: QuerySet[Any], hold: Hold, way: str, names: list[str]) -> None:
    held = part.held_by(hold)
    until = Subquery(held.filter(pk=OuterRef(way)).values("held_until")[:1])
    under = rows.filter(**{f"{way}__in": held.values("pk")}).annotate(until=until)
    for day, *words in under.order_by().values_list("until", *names).distinct():
        told = {name: str(word) for name, word in zip(names, words, strict=True)}
        same = under.filter(until=day, **dict(zip(names, words, strict=True)))
        _refer(_kept(erasure, part, hold, day, told), same, f"{way}__{hold.reference}")


def _kept(erasure: str, part: Part, hold: Hold, until: Any, words: dict[str, str]) -> Restricted:
    """Return the row for these words, law and day: one that stands, or a new one."""
    where = {"erasure": erasure, "category": part.category.key, "law": hold.law, "until": until}
    if erasure:
        for row in Restricted.objects.filter(**where):
            if row.words == words:
                return row
    made = Restricted(**where)
    made.words = words
    made.save(force_insert=True)
    return made


def _refer(restricted: Restricted, rows: QuerySet[Any], name: str) -> None:
    """Write the numbers of the papers beside it, in one statement however many they are."""
    chosen = rows.order_by().values_list(
        Value(restricted.pk, output_field=BigIntegerField()), Cast(F(name), CharField(max_length=60))
    )
    sql, params = chosen.query.get_compiler(connection=connection).as_sql()
    table = connection.ops.quote_name(RestrictedReference._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} (restricted_id, reference) {sql}", params)

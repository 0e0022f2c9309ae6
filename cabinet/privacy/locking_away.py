"""Putting under lock what the law keeps of rows that are about to go."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, CharField, Exists, F, OuterRef, QuerySet, Subquery, Value
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


def put_each_under_lock(part: Part, rows: QuerySet[Any]) -> int:
    """Do the same for rows of many people, of whom no erasure tells; as many queries however many rows there are."""
    names, locked = [name for name, end in part.held.fields.items() if end == End.RESTRICT], set[Any]()
    for hold, way in part.locks():
        held = part.held_by(hold).filter(pk=OuterRef(way))
        under = rows.filter(Exists(held), part.tells()).annotate(until=Subquery(held.values("held_until")[:1]))
        papers: dict[tuple[Any, ...], list[str]] = {}
        for pk, paper, *told in under.order_by("pk").values_list("pk", f"{way}__{hold.reference}", "until", *names):
            papers.setdefault(tuple(told), []).append(str(paper))
            locked.add(pk)
        _keep_each(part, hold, names, papers)
    return len(locked)


def _keep_each(part: Part, hold: Hold, names: list[str], papers: dict[tuple[Any, ...], list[str]]) -> None:
    made = [
        _new("", part, hold, until, {name: str(word) for name, word in zip(names, words, strict=True)})
        for until, *words in papers
    ]
    pairs = zip(Restricted.objects.bulk_create(made), papers.values(), strict=True)
    RestrictedReference.objects.bulk_create(
        RestrictedReference(restricted=row, reference=paper) for row, numbers in pairs for paper in numbers
    )


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
    made = _new(erasure, part, hold, until, words)
    same = {"erasure": erasure, "category": made.category, "law": hold.law, "until": until}
    for row in Restricted.objects.filter(**same):
        if row.words == words:
            return row
    made.save(force_insert=True)
    return made


def _new(erasure: str, part: Part, hold: Hold, until: Any, words: dict[str, str]) -> Restricted:
    made = Restricted(erasure=erasure, category=part.category.key, law=hold.law, until=until)
    made.words = words
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

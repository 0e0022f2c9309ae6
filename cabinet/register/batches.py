"""Very many rows, some at a time, so that nobody is kept waiting."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import connection, models
from django.db.models import BooleanField, F, Func, Q, Value
from django.db.models.expressions import RawSQL

BATCH = 2_000  # rows of one transaction: some tens of milliseconds, under the 200 that others may be kept waiting
SEALED = 200  # rows, or rows that differ in what is sealed of them, of one transaction that seals


def in_batches(keys: Iterable[Any]) -> Iterator[list[Any]]:
    """Yield keys in their order, as many at once as one transaction takes.

    They are read before anything is locked, and once: to look for the next batch in what is left would take the longer,
    the more rows somebody has.
    """
    pks = sorted(keys)
    yield from (pks[start : start + BATCH] for start in range(0, len(pks), BATCH))


def keys_of(rows: models.QuerySet[Any], most: int) -> Sequence[Any]:
    """Return the first keys of a set in their order; numbers take eight bytes each."""
    pks = rows.order_by("pk").values_list("pk", flat=True)[:most].iterator(chunk_size=BATCH)
    return array("q", pks) if isinstance(rows.model._meta.pk, models.IntegerField) else list(pks)


def locked_keys(rows: models.QuerySet[Any]) -> list[Any]:
    """Return the keys of some rows, and let nobody change these until the transaction ends.

    PostgreSQL asks anew of a row that it had to wait for whether it is still one of them; SQLite has one writer.
    """
    return list(rows.order_by().select_for_update(of=("self",)).values_list("pk", flat=True))


def among(model: type[models.Model], pks: Sequence[Any]) -> Q:
    """Return the condition that a row's key is one of very many: they go to the database as one value."""
    key: Any = model._meta.pk
    values = [pk if isinstance(pk, int | str) else key.get_db_prep_value(pk, connection) for pk in pks]
    if connection.vendor == "sqlite":
        return Q(pk__in=RawSQL("SELECT value FROM json_each(%s)", [json.dumps(values)]))
    # Gone through in the keys' order, which is nearly that of the rows; a set, as IN makes, would have none. The type
    # is said, because an array of nothing has none.
    kind = f"%(expressions)s::{key.db_type(connection)}[])"
    return Q(Func(F("pk"), Value(as_array(values)), arg_joiner=" = ANY(", template=kind, output_field=BooleanField()))


def as_array(values: Sequence[Any]) -> Any:
    """Return what PostgreSQL takes for an array: numbers as it writes them, for psycopg thinks about each for long."""
    return f"{{{','.join(map(str, values))}}}" if all(isinstance(value, int) for value in values) else values


def delete_among(model: type[models.Model], pks: Sequence[Any]) -> int:
    """Delete the rows of these keys, without reading them where nothing hangs on them."""
    rows = model._base_manager.filter(among(model, pks))
    if model._meta.related_objects:
        rows.delete()
        return len(pks)
    return int(rows._raw_delete(rows.db) or 0)  # None where the database need not be asked

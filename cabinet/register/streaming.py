"""Everything the register knows of one account, model by model, in batches: memory does not grow with the rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from functools import lru_cache
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format, time_format

from cabinet.register.batches import among, keys_of
from cabinet.register.categories import Category, Held, register
from cabinet.register.values import in_words

A_BATCH = 1000  # rows: few enough for some megabytes in all their forms, enough that a query's own cost is not seen
A_STRETCH = (
    250_000  # keys read at once: two megabytes; the fewer stretches, the less often all that somebody has is sorted
)
Values = Sequence[Any]  # what stands in one column of a batch
AS_IT_STANDS = (models.CharField, models.TextField, models.IntegerField, models.BooleanField, models.JSONField)
NO_FORMULA = (models.DateField, models.TimeField, models.IntegerField, models.FloatField, models.DecimalField)


@dataclass(frozen=True)
class Column:
    """One field: how a machine has it, and how a person reads it."""

    name: str
    label: str
    group: str  # key of the category that it belongs to
    for_machines: Callable[[Any], Any] | None = None  # None: as the database gives it, which JSON can hold
    in_words: Callable[[Any], str] | None = None  # None: a text, said as it stands
    may_be_formula: bool = True  # to a spreadsheet

    def plain(self, values: Values) -> Values:
        """Return a batch of values as JSON has them; dates in ISO 8601."""
        turn = self.for_machines
        return values if turn is None else [None if value is None else turn(value) for value in values]

    def said(self, values: Values) -> list[str]:
        """Return a batch of values in words; nothing for what is empty."""
        turn = self.in_words
        if turn is None:
            return ["" if value is None else value for value in values]
        return ["" if value is None or value == "" else turn(value) for value in values]


@dataclass(frozen=True)
class Table:
    """What one model keeps of the account; `batches` reads anew each time, a batch is a list of its columns' values."""

    key: str  # "customers.Address"
    columns: list[Column]
    secrets: list[str]  # labels of what is kept and never shown
    count: Callable[[], int]
    batches: Callable[[], Iterator[list[Values]]]


def tables(account: Any, categories: Iterable[Category] = register) -> list[Table]:
    """Return one table for each model that is declared, though several categories are kept in it.

    Labels and words are in the active language. Nothing is read until a table is asked.
    """
    declared: dict[tuple[Any, ...], list[tuple[Category, Held]]] = {}
    for category in categories:
        for held in category.held:
            declared.setdefault((held.model.lower(), held.owner, held.found_by), []).append((category, held))
    return [_table(account, together) for together in declared.values()]


def _table(account: Any, together: list[tuple[Category, Held]]) -> Table:
    held = together[0][1]
    shown = {name: _column(category, one, name) for category, one in together for name in _shown(one)}
    hidden = [one.label(name) for _category, one in together for name in one.secret]
    return Table(
        held.model,
        list(shown.values()),
        list(dict.fromkeys(hidden)),
        count=lambda: held.rows(account).count(),
        batches=lambda: _batches(held, account, list(shown)),
    )


def _shown(held: Held) -> list[str]:
    return [name for name in held.fields if name not in held.secret]


# Reading -------------------------------------------------------------------------------------------------------------


def _batches(held: Held, account: Any, names: list[str]) -> Iterator[list[Values]]:
    """Yield the rows in the order of their keys."""
    if not names:
        return
    linked = [one for one in map(held.of()._meta.get_field, names) if one.is_relation]
    stored = [name for name in names if not held.of()._meta.get_field(name).many_to_many]
    for rows in filter(None, _read(held, account, ["pk", *stored])):
        read: dict[str, Values] = dict(zip(["", *stored], zip(*rows, strict=True), strict=True))
        for field in linked:
            read[field.name] = _names_of_linked(field, read[""], read.get(field.name, ()))
        yield [read[name] for name in names]


def _read(held: Held, account: Any, names: list[str]) -> Iterator[list[Any]]:
    """Yield rows by queries of their own, with the key in front.

    No cursor stays open between them: on SQLite it would keep this connection from writing once another has written,
    on PostgreSQL it would hold a transaction open for as long as a file is written. The keys of very many are read
    once: to ask for each next batch by whose it is, SQLite would go through all of them each time.
    """
    own, rows = held.rows(account), held.of()._base_manager.order_by("pk").values_list(*names)
    first = list(own.order_by("pk").values_list(*names)[:A_BATCH])
    yield first
    last = first[-1][0] if len(first) == A_BATCH else None
    while last is not None:
        keys = keys_of(own.filter(pk__gt=last), A_STRETCH)
        for start in range(0, len(keys), A_BATCH):
            yield list(rows.filter(among(held.of(), keys[start : start + A_BATCH])))
        last = keys[-1] if len(keys) == A_STRETCH else None


def _names_of_linked(field: Any, keys: Values, values: Values) -> list[Any]:
    """Return, in place of other rows' keys, what those rows are called."""
    if field.many_to_many:
        rows = field.model._base_manager.prefetch_related(field.name).in_bulk(list(keys))
        return [", ".join(str(one) for one in getattr(rows[key], field.name).all()) for key in keys]
    found = field.related_model._base_manager.in_bulk({value for value in values if value is not None})
    return [None if value is None else str(found.get(value, value)) for value in values]


# Columns -------------------------------------------------------------------------------------------------------------


def _column(category: Category, held: Held, name: str) -> Column:
    field: Any = held.of()._meta.get_field(name)
    may_be_formula = not isinstance(field, (*NO_FORMULA, models.BooleanField, models.UUIDField))
    return Column(name, held.label(name), category.key, _for_machines(field), _in_words(field), may_be_formula)


def _for_machines(field: Any) -> Callable[[Any], Any] | None:
    if field.is_relation or _is_plain(field):
        return None
    if isinstance(field, models.DateField | models.TimeField):
        return lambda value: value.isoformat()
    return float if isinstance(field, models.FloatField) else str


def _is_plain(field: Any) -> bool:
    """Say whether values come as JSON knows them; some texts come as objects, such as telephone numbers."""
    turns = hasattr(field, "from_db_value") and not isinstance(field, models.JSONField)
    return isinstance(field, AS_IT_STANDS) and not turns


def _in_words(field: Any) -> Callable[[Any], str] | None:
    if field.is_relation:
        return None
    if field.choices:
        labels = dict(field.flatchoices)
        return lambda value: str(labels.get(value, value))
    if isinstance(field, models.CharField | models.TextField):
        return None if _is_plain(field) else in_words
    if isinstance(field, models.DateTimeField):
        return moments()
    return in_words if isinstance(field, models.JSONField) else lru_cache(4096, typed=True)(in_words)


def moments() -> Callable[[datetime], str]:
    """Return a function that says a moment in the active language and the shop's zone.

    A day and a time of day are put into words once each: Django takes ten times as long for a row.
    """
    zone = timezone.get_current_timezone()
    day_in_words = lru_cache(4096)(lambda day: date_format(day, "DATE_FORMAT"))
    time_in_words = lru_cache(1440)(lambda hour, minute: time_format(time(hour, minute), "TIME_FORMAT"))

    def said(moment: datetime) -> str:
        here = moment.astimezone(zone)
        return f"{day_in_words(here.date())}, {time_in_words(here.hour, here.minute)}"

    return said

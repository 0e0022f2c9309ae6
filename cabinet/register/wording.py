"""Questions that the database is asked over and over: worded once, with blanks for what differs from time to time.

To word a question of several tables takes Django ten times as long as SQLite takes to answer it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models.expressions import Expression


class Moment(Expression):
    """The moment at which a question is asked, or one that is so long before or after it."""

    def __init__(self, later: timedelta = timedelta(0)) -> None:
        super().__init__(output_field=models.DateTimeField())
        self.later = later

    def __add__(self, other: timedelta) -> Moment:  # type: ignore[override]
        return Moment(self.later + other)

    def __sub__(self, other: timedelta) -> Moment:  # type: ignore[override]
        return Moment(self.later - other)

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """Leave a blank."""
        return "%s", [self]

    def filled(self, at: datetime, account: Any) -> Any:
        """Return what stands in the blank, as the database takes it."""
        return self.output_field.get_db_prep_value(at + self.later, connection)


class Key(Expression):
    """The key of the account that a question is asked about, or of a part of it: "pk", "customer.pk"."""

    def __init__(self, name: str) -> None:
        super().__init__(output_field=models.BigIntegerField())
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """Leave a blank."""
        return "%s", [self]

    def filled(self, at: datetime, account: Any) -> Any:
        """Return what stands in the blank."""
        return attrgetter(self.name)(account)


class Somebody:
    """Stands for the account that a question is asked about, while it is worded; a customer."""

    def __init__(self, way: str = "") -> None:
        self.pk = Key(f"{way}pk")
        self._way = way

    def __getattr__(self, name: str) -> Somebody:
        return Somebody(f"{self._way}{name}.")


AT: Any = Moment()
SOMEBODY: Any = Somebody()


@dataclass(frozen=True)
class Worded:
    """A question for the keys of some rows, in SQL; no SQL where it is known that there are none."""

    sql: str
    params: tuple[Any, ...]
    key: Any  # field


@dataclass(frozen=True)
class Asked:
    """A question, asked at a moment, about an account if its blanks name one."""

    worded: Worded
    at: datetime
    account: Any = None

    def keys(self) -> list[Any]:
        """Return the keys."""
        keys, field = [key for (key,) in self._rows("", "")], self.worded.key
        return keys if isinstance(field, models.IntegerField) else [field.to_python(key) for key in keys]

    def count(self) -> int:
        """Return how many there are."""
        return sum(count for (count,) in self._rows("SELECT count(*) FROM (", ") found"))

    def is_any(self) -> bool:
        """Say whether there are some."""
        return any(self._rows("SELECT 1 FROM (", ") found LIMIT 1"))

    def _rows(self, before: str, after: str) -> list[tuple[Any, ...]]:
        if self.worded.sql:
            with connection.cursor() as cursor:
                cursor.execute(f"{before}{self.worded.sql}{after}", filled(self.worded.params, self.at, self.account))
                return cursor.fetchall()
        return []


def filled(params: tuple[Any, ...], at: datetime, account: Any = None) -> list[Any]:
    """Return what stands in a question, its blanks filled in."""
    return [each.filled(at, account) if isinstance(each, Moment | Key) else each for each in params]


known: dict[Hashable, Any] = {}  # as long as the process lives: settings and declarations are the same till then


def once(name: Hashable, word: Callable[[], Any]) -> Any:
    """Return what was worded the first time it was asked for by this name."""
    if name not in known:
        known[name] = word()
    return known[name]


def worded(name: Hashable, rows: Callable[[], models.QuerySet[Any]]) -> Worded:
    """Return the question for the keys of some rows, worded once."""
    found: Worded = once(name, lambda: put(rows()))
    return found


def put(rows: models.QuerySet[Any]) -> Worded:
    """Return the question for the keys of some rows, worded anew."""
    try:
        sql, params = rows.values("pk").query.get_compiler(connection=connection).as_sql()
    except EmptyResultSet:
        sql, params = "", ()
    return Worded(sql, tuple(params), rows.model._meta.pk)

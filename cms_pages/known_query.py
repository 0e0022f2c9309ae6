"""A query whose SQL is made once: Django takes ten times longer to word it than the database to answer it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection

REMEMBERED = 200  # sets of arguments

Found = dict[tuple[Any, ...], "Rows"]
_found: ContextVar[Found | None] = ContextVar("found", default=None)


@dataclass(frozen=True)
class Plan:
    """What it takes to ask again."""

    names: tuple[str, ...]
    sql: str
    parameters: tuple[Any, ...]
    compiler: Any
    converters: dict[int, Any]


@dataclass(frozen=True)
class Rows:
    """What the database answered, as it came: Python's own types are made where they are needed."""

    plan: Plan | None
    raw: list[tuple[Any, ...]]

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the columns."""
        return self.plan.names if self.plan else ()

    def named(self) -> list[dict[str, Any]]:
        """Return the rows as dicts."""
        if self.plan is None:
            return []
        plan, rows = self.plan, self.raw
        if plan.converters:
            rows = plan.compiler.apply_converters(rows, plan.converters)
        return [dict(zip(plan.names, row, strict=True)) for row in rows]

    def column(self, name: str) -> list[Any]:
        """Return one column."""
        if self.plan is None:
            return []
        place = self.plan.names.index(name)
        values: Any = ([row[place]] for row in self.raw)
        if place in self.plan.converters:
            values = self.plan.compiler.apply_converters(values, {0: self.plan.converters[place]})
        return [value for (value,) in values]


class KnownQuery:
    """Decorates a function that returns a QuerySet of `.values(...)`; calling it returns the rows as dicts.

    The function is called once for each set of arguments, so nothing else may decide what it asks for: no clock, no
    language, no user.
    """

    def __init__(self, build: Callable[..., Any]) -> None:
        """Take the function."""
        self.build = build
        self.plans: dict[tuple[Hashable, ...], Plan] = {}

    def __call__(self, *arguments: Hashable) -> list[dict[str, Any]]:
        """Ask the database."""
        return self.rows(*arguments).named()

    def rows(self, *arguments: Hashable, besides: tuple[Hashable, ...] = ()) -> Rows:
        """Ask the database, but only once within `asked_once`.

        `besides` goes to the function and is no part of what is remembered: it may only tell what need not be read.
        Whoever gets the rows may complete them in place, for all who ask the same.
        """
        found = _found.get()
        if found is None:
            return self._ask((*arguments, *besides))
        asked = (self, *arguments)
        if asked not in found:
            found[asked] = self._ask((*arguments, *besides))
        return found[asked]

    def _ask(self, arguments: tuple[Hashable, ...]) -> Rows:
        try:
            plan = self.plans.get(arguments) or self._plan(arguments)
        except EmptyResultSet:
            return Rows(None, [])
        with connection.cursor() as cursor:
            cursor.execute(plan.sql, plan.parameters)
            return Rows(plan, cursor.fetchall())

    def _plan(self, arguments: tuple[Hashable, ...]) -> Plan:
        query = self.build(*arguments).query
        compiler = query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        columns = [column for column, _sql, _alias in compiler.select[: compiler.col_count]]
        plan = Plan(tuple(query.selected), sql, tuple(parameters), compiler, compiler.get_converters(columns))
        if len(self.plans) >= REMEMBERED:
            self.plans.pop(next(iter(self.plans)), None)  # the one worded longest ago
        self.plans[arguments] = plan
        return plan


@contextmanager
def asked_once() -> Iterator[None]:
    """Let whoever asks the same within this block have the same rows: a look at a page, then its rendering."""
    token = _found.set({})
    try:
        yield
    finally:
        _found.reset(token)

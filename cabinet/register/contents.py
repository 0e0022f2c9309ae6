"""What one account holds, category by category, as lines a person can read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from cabinet.register.categories import Category, Held, register
from cabinet.register.values import is_empty, readable

COUNTED = 1000  # rows that are not shown are counted so far; “more than a thousand” tells as much


@dataclass(frozen=True)
class Line:
    """One field with what stands in it; of a secret only that it is kept."""

    label: str
    value: str
    field: str  # "customers.Address.city"
    secret: bool = False


@dataclass(frozen=True)
class KeptRow:
    """One row of a model, without its empty fields."""

    model: str
    pk: Any
    lines: list[Line]


@dataclass(frozen=True)
class Kept:
    """What is kept of a category; no rows where nothing is."""

    category: Category
    rows: list[KeptRow] = field(default_factory=list)
    others: int = 0  # rows that are kept and not read, counted up to COUNTED

    @property
    def count(self) -> int:
        """Return how many rows are kept."""
        return len(self.rows) + self.others

    @property
    def is_more(self) -> bool:
        """Say whether there are more than were counted."""
        return self.others >= COUNTED


def contents(
    account: Any, categories: Iterable[Category] = register, language: str | None = None, most: int | None = None
) -> list[Kept]:
    """Return what is kept of an account in every category, in a language or the active one.

    A model costs one query and one more for each many-to-many field that is declared, however many rows there are.
    With `most` no more rows of a model are read, and one query more counts the others where there are any; where there
    may be very many it always does, so that a page asks as much for ten as for a hundred thousand.
    """
    wanted = list(categories)
    rows = _Rows(account, wanted, most)
    with override(language or get_language()):
        return [Kept(category, list(_kept_rows(category, rows)), _others(category, rows)) for category in wanted]


def _kept_rows(category: Category, rows: _Rows) -> Iterator[KeptRow]:
    for held in category.held:
        for row in rows.of(held) if held.fields else ():
            lines = [_line(held, row, name) for name in held.fields if not is_empty(row, name)]
            if lines:
                yield KeptRow(held.model, row.pk, lines)


def _others(category: Category, rows: _Rows) -> int:
    return min(sum(rows.others(held) for held in category.held), COUNTED)


def _line(held: Held, row: models.Model, name: str) -> Line:
    secret = name in held.secret
    value = _("kept, not shown") if secret else readable(row, name)
    return Line(held.label(name), value, f"{held.model}.{name}", secret)


class _Rows:
    """Reads each model of an account once, though several categories are kept in it."""

    def __init__(self, account: Any, categories: list[Category], most: int | None) -> None:
        self.account, self.most = account, most
        self.left: dict[Any, int] = {}
        self.declared = [held for category in categories for held in category.held]
        self.read: dict[Any, list[models.Model]] = {}

    def of(self, held: Held) -> list[models.Model]:
        """Return the rows a declaration speaks of, with what its readers need of other tables."""
        key = _way(held)
        if key not in self.read:
            names = {name for other in self.declared if _way(other) == key for name in other.fields}
            fields = [held.of()._meta.get_field(name) for name in sorted(names)]
            ones = [one.name for one in fields if one.is_relation and not one.many_to_many]
            many = [one.name for one in fields if one.many_to_many]
            found = held.rows(self.account)
            whole = (found.select_related(*ones) if ones else found).prefetch_related(*many)
            self.read[key] = self._first(key, held, whole) if self.most else list(whole)
        return self.read[key]

    def others(self, held: Held) -> int:
        """Return how many rows of a declaration were not read; none of those of which nothing is shown."""
        return self.left.get(_way(held), 0) if held.fields else 0

    def _first(self, key: Any, held: Held, found: models.QuerySet[Any]) -> list[models.Model]:
        ordered = found.order_by(*held.latest) if held.latest else found
        most = self.most or 0
        rows = list(ordered[: most + 1])
        if len(rows) > most or held.latest:
            self.left[key] = held.rows(self.account).order_by()[most : most + COUNTED].count()
        return rows[:most]


def _way(held: Held) -> tuple[Any, ...]:
    return held.model.lower(), held.owner, held.found_by

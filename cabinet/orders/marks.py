"""Marks that stand for nobody."""

from __future__ import annotations

from typing import Any

from django.db.models import Func, UUIDField


class RandomMark(Func):
    """A mark made by the database, another one for each row; it leads to nobody."""

    output_field = UUIDField()  # type: ignore[assignment]
    template = "gen_random_uuid()"
    arity = 0

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Return the same for SQLite, which keeps a UUID as its hexadecimal digits."""
        return self.as_sql(compiler, connection, template="lower(hex(randomblob(16)))", **context)

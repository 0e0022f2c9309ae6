"""Append-only rows: refused by the model, by its QuerySet, and by the database itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, NoReturn

from django.apps.registry import Apps
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython

SQLITE_TRIGGERS = [
    f"CREATE TRIGGER {{table}}_no_{event.lower()} BEFORE {event} ON {{table}} "
    "BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    for event in ("UPDATE", "DELETE")
] + [
    # INSERT OR REPLACE removes the row in its way without a DELETE that a trigger would see.
    "CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
    "WHEN EXISTS (SELECT 1 FROM {table} WHERE {same_key}) "
    "BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
]
POSTGRESQL_TRIGGERS = [
    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$",
    "CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
]


class AppendOnlyError(Exception):
    """A sealed row was to be changed or deleted."""


def refuse(*args: Any, **kwargs: Any) -> NoReturn:
    """Raise AppendOnlyError, whatever is asked."""
    raise AppendOnlyError("This row is sealed: it can be read, never changed or deleted.")


class AppendOnlyQuerySet(models.QuerySet):
    """Reads and inserts as usual; every way to change or delete raises AppendOnlyError."""

    update = delete = bulk_update = update_or_create = refuse  # type: ignore[assignment]


class AppendOnlyModel(models.Model):
    """A row that is written once. Give its table `append_only_triggers` in the migration that creates it."""

    # One row of many per page or person: Wagtail need not index what it refers to.
    wagtail_reference_index_ignore = True

    objects: ClassVar[Any] = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert the row; raise AppendOnlyError when it stands already."""
        if not self._state.adding:
            refuse()
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Raise AppendOnlyError."""
        refuse()


def append_only_triggers(table: str, unique: Sequence[str] = ()) -> RunPython:
    """Return the migration step that makes the database refuse UPDATE, DELETE, TRUNCATE and REPLACE on `table`.

    `unique` names the columns of its unique key besides `id`, by which SQLite's REPLACE could push a row out.
    """

    def create(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        create_triggers(schema_editor.connection, table, unique)

    def drop(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        drop_triggers(schema_editor.connection, table)

    return RunPython(create, drop)


def create_triggers(connection: BaseDatabaseWrapper, table: str, unique: Sequence[str] = ()) -> None:
    """Create the triggers on `table`, in the words of the connected engine."""
    same_key = " OR ".join(
        " AND ".join(f"{column} = NEW.{column}" for column in key) for key in (["id"], unique) if key
    )
    with connection.cursor() as cursor:
        for statement in SQLITE_TRIGGERS if connection.vendor == "sqlite" else POSTGRESQL_TRIGGERS:
            cursor.execute(statement.format(table=table, same_key=same_key))


def drop_triggers(connection: BaseDatabaseWrapper, table: str) -> None:
    """Drop what `create_triggers` made; PostgreSQL's function stays, other tables use it."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for event in ("update", "delete", "replace"):
                cursor.execute(f"DROP TRIGGER {table}_no_{event}")
        else:
            cursor.execute(f"DROP TRIGGER {table}_append_only ON {table}")


def has_triggers(connection: BaseDatabaseWrapper, table: str) -> bool:
    """Say whether the database itself guards `table`; SQLite drops triggers when a migration rebuilds a table."""
    if connection.vendor == "sqlite":
        sql, wanted = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", 3
    else:
        sql, wanted = "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgenabled IN ('O', 'A')", 1
    with connection.cursor() as cursor:
        cursor.execute(sql, [table])
        names = {row[0] for row in cursor.fetchall()}
    ours = {f"{table}_{name}" for name in ("no_update", "no_delete", "no_replace", "append_only")}
    return len(names & ours) == wanted

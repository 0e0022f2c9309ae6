"""Copying a whole database out and in, each engine by its own means, while others use it."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from django.db import connection

BACKUPS = "kelisim-*.tar"  # what our backups are called


class CannotCopy(Exception):
    """A copy could not be made or put back; the message is a sentence for the operator."""


def name_of_copy() -> str:
    """Return what the copy is called in a backup, by the engine."""
    return "database.sqlite3" if connection.vendor == "sqlite" else "database.dump"


def is_backup(path: Path) -> bool:
    """Say whether this is one of our backups, or one that is being written."""
    return path.match(BACKUPS) or path.match(f"{BACKUPS}.part")


def copy_out(target: Path) -> None:
    """Write the database as of one moment into `target`; raise CannotCopy."""
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(own_file())) as source, closing(sqlite3.connect(target)) as copy:
            source.backup(copy)  # one step, one read transaction: who writes meanwhile is not waited for, nor copied
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, without another beside it
    else:
        run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}")


def copy_in(source: Path) -> None:
    """Put the copy in the place of all that the database holds; raise CannotCopy."""
    if connection.vendor == "sqlite":
        check_whole(source)
        with closing(sqlite3.connect(source)) as copy, closing(sqlite3.connect(own_file(), timeout=20)) as target:
            copy.backup(target)
            target.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # else what was there stays readable in the log
    else:
        run("pg_restore", "--list", str(source), connects=False)
        empty_it()
        flags = ("--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error")
        run("pg_restore", *flags, f"--dbname={connection.settings_dict['NAME']}", str(source))
    connection.close()


def own_file() -> str:
    """Return where SQLite's database is."""
    return str(connection.settings_dict["NAME"])


def check_whole(file: Path) -> None:
    """Raise CannotCopy for a file that SQLite itself finds damaged."""
    try:
        with closing(sqlite3.connect(file)) as copy:
            found = copy.execute("PRAGMA quick_check").fetchone()[0]
    except sqlite3.DatabaseError as error:
        raise CannotCopy("The copy is no database of SQLite.") from error
    if found != "ok":
        raise CannotCopy("The copy is damaged: SQLite's own check does not pass.")


def empty_it() -> None:
    """Drop every table, those of a newer release too, which the copy would not replace."""
    with connection.cursor() as cursor:
        names = [connection.ops.quote_name(name) for name in connection.introspection.table_names(cursor)]
        if names:
            cursor.execute(f"DROP TABLE {', '.join(names)} CASCADE")
        cursor.execute("DROP FUNCTION IF EXISTS refuse_change() CASCADE")
    connection.close()


def run(program: str, *arguments: str, connects: bool = True) -> None:
    """Run a program of PostgreSQL's; the password goes by its environment, where no list of processes shows it."""
    if not shutil.which(program):
        raise CannotCopy(f"{program} is not installed: apt-get install postgresql-client, as new as the server.")
    told = connection.settings_dict
    given = {"PGHOST": told["HOST"], "PGPORT": told["PORT"], "PGUSER": told["USER"], "PGPASSWORD": told["PASSWORD"]}
    given |= {"PGDATABASE": told["NAME"]} if connects else {}
    surroundings = {**os.environ, **{name: str(value) for name, value in given.items() if value}}
    done = subprocess.run([program, *arguments], env=surroundings, capture_output=True, text=True)
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["nothing"]
        raise CannotCopy(f"{program} failed and says: {said[0]}")

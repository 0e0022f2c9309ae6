"""Databases for tests: migrated once, kept as a template, copied for each worker and after each commit."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.db import connections

ROOT = Path(__file__).resolve().parents[1]
STORE = ROOT / "var" / "tests"


@dataclass(frozen=True)
class Layer:
    """A state of the database: commands of manage.py, run on the layer below, and the files that decide its content."""

    name: str
    command: tuple[str, ...]
    sources: tuple[str, ...]
    below: Layer | None = None

    def fingerprint(self) -> str:
        """Return 12 hexadecimal digits that change with the content of the files."""
        digest = hashlib.sha256(self.below.fingerprint().encode() if self.below else b"")
        for path in sorted({path for pattern in self.sources for path in ROOT.glob(pattern) if _is_source(path)}):
            digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
        return digest.hexdigest()[:12]


def _is_source(path: Path) -> bool:
    return path.is_file() and "__pycache__" not in path.parts and ".venv" not in path.parts


# When one of its sources changes, a layer is made anew, with those upon it.
MIGRATED = Layer(
    "migrate",
    ("migrate", "--verbosity=0"),
    (
        "requirements.txt",
        "cabinet/audit/append_only.py",
        "site/config/apps.py",
        "*/migrations/*.py",
        "*/*/migrations/*.py",
    ),
)
STAGED = Layer(
    "stage",
    ("shell", "--no-imports", "--command=from tests.stage import make_stage; make_stage()"),
    ("tests/stage.py", "cms_pages/starter/roles.py", "cms_pages/models/home.py"),
    MIGRATED,
)
DEMO = Layer(
    "load_demo",
    ("load_demo",),
    (
        "cabinet/customers/*.py",
        "cabinet/consents/*.py",
        "cabinet/bonuses/*.py",
        "cabinet/register/*.py",
        "site/config/management/**/*.py",
        "cms_pages/starter/**/*",
        "cms_pages/management/**/*.py",
        "cms_pages/models/*.py",
        "cms_pages/*.py",
        "site/templates/cms_pages/*.html",
    ),
    MIGRATED,
)


@contextmanager
def alone(name: str) -> Iterator[None]:
    """Let one process at a time make templates of this name."""
    STORE.mkdir(parents=True, exist_ok=True)
    with (STORE / f"{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def manage(*arguments: str, **environment: str) -> None:
    """Run manage.py as the demo would; raise RuntimeError with its last words when it fails."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**os.environ, "DEBUG": "1", "LOG_LEVEL": "ERROR", **environment},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(f"manage.py {arguments[0]} failed:\n{done.stderr[-3000:]}{done.stdout[-1000:]}")


def sqlite_template(layer: Layer) -> Path:
    """Return an SQLite file on which the layer's command has run; made once and kept until its sources change."""
    below = sqlite_template(layer.below) if layer.below else None
    made = STORE / f"{layer.name}-{layer.fingerprint()}.sqlite3"
    with alone(layer.name):
        if not made.exists():
            _forget(STORE.glob(f"{layer.name}-*"))
            _make(made, layer, below)
    return made


def _make(made: Path, layer: Layer, below: Path | None) -> None:
    half = made.with_suffix(".making")
    if below:
        shutil.copyfile(below, half)
    manage(*layer.command, DATABASE_URL=f"sqlite:///{half}", DATA_DIR=str(made.with_suffix(".data")))
    with sqlite3.connect(half) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    half.rename(made)


def _forget(old: Iterator[Path]) -> None:
    for path in old:
        shutil.rmtree(path) if path.is_dir() else path.unlink()


class SQLiteFile:
    """One worker's database file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        # A copy of its own: the kept one goes when somebody changes a migration while tests run.
        self.template = shutil.copyfile(sqlite_template(STAGED), path.with_suffix(".template"))

    def make(self) -> None:
        """Lay a fresh copy of the template at the worker's place and connect to it."""
        self.drop()
        shutil.copyfile(self.template, self.path)
        connections["default"].settings_dict["NAME"] = str(self.path)

    def drop(self) -> None:
        """Remove the file and what SQLite keeps beside it."""
        connections.close_all()
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self.path}{suffix}").unlink(missing_ok=True)


class PostgresDatabase:
    """One worker's database in the cluster that DATABASE_URL names."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.home = connections["default"].settings_dict["NAME"]
        with alone("postgres"):
            self.template = self._template()

    def make(self) -> None:
        """Create the worker's database from the template and connect to it."""
        self.drop()
        self._run(f'CREATE DATABASE "{self.name}" TEMPLATE "{self.template}"')
        connections["default"].settings_dict["NAME"] = self.name

    def drop(self) -> None:
        """Remove the worker's database, ending whatever is still connected to it."""
        connections.close_all()
        connections["default"].settings_dict["NAME"] = self.home
        self._run(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')

    def _template(self, layer: Layer = STAGED) -> str:
        name = f"kelisim_test_{layer.name}_{layer.fingerprint()}"
        if self._run(f"SELECT 1 FROM pg_database WHERE datname = '{name}'"):
            return name
        below = self._template(layer.below) if layer.below else "template1"
        half = f"{name}_making"
        self._run(f'DROP DATABASE IF EXISTS "{half}" WITH (FORCE)')
        self._run(f'CREATE DATABASE "{half}" TEMPLATE "{below}"')
        base, _slash, _name = os.environ["DATABASE_URL"].partition("?")[0].rpartition("/")
        manage(*layer.command, DATABASE_URL=f"{base}/{half}")
        self._run(f'ALTER DATABASE "{half}" RENAME TO "{name}"')
        return name

    def _run(self, statement: str) -> bool:
        with connections["default"]._nodb_cursor() as cursor:
            cursor.execute(statement)
            return cursor.description is not None and cursor.fetchone() is not None


def worker_database(worker: str, folder: Path) -> SQLiteFile | PostgresDatabase:
    """Return this worker's database on the engine the settings name."""
    if connections["default"].vendor == "sqlite":
        return SQLiteFile(folder / "kelisim.sqlite3")
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))[:8]
    return PostgresDatabase(f"test_kelisim_{run}_{worker}")

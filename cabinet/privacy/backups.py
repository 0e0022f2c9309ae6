"""Backups: one file with the database as of one moment, the uploads, and a list of hashes that proves it whole."""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from cabinet.audit.anchors import keep_name
from cabinet.privacy import idle_warnings
from cabinet.privacy.databases import BACKUPS, CannotCopy, copy_in, copy_out, name_of_copy
from cabinet.privacy.reapplying import end_all_sessions, unknown_of
from cabinet.privacy.tombstone_file import GENESIS, read

__all__ = ["CannotCopy", "back_up", "prune", "restore", "verified"]

VERSION = 1
MANIFEST, TOMBSTONES, MEDIA = "manifest.json", "tombstones.jsonl", "media"
OWN_TABLE = ("privacy", "0001_tombstones")  # a backup of before it knows no mark
AT_ONCE = 1024 * 1024  # bytes


# Making one ----------------------------------------------------------------------------------------------------------


def back_up(wanted: Path) -> Path:
    """Write a backup into the file, or into a new one in the folder, and return where it is; raise CannotCopy, OSError.

    The site may go on meanwhile. The file is for its owner alone, is there whole or not at all, and is not encrypted.
    """
    target = wanted / f"kelisim-{timezone.now():%Y%m%dT%H%M%SZ}.tar" if wanted.is_dir() else wanted
    part = target.with_name(f"{target.name}.part")
    try:
        with private(part) as file:
            with tarfile.open(fileobj=file, mode="w") as tar:
                fill(Writer(tar), target.parent)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
        keep_name(target.parent)
    finally:
        part.unlink(missing_ok=True)
    return target


def prune(folder: Path) -> int:
    """Delete our backups in a folder that are older than BACKUP_DAYS (0: none), and return how many went."""
    if not settings.BACKUP_DAYS:
        return 0
    oldest = time.time() - settings.BACKUP_DAYS * 24 * 60 * 60
    old = [path for path in folder.glob(BACKUPS) if path.stat().st_mtime < oldest]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


@contextmanager
def private(path: Path) -> Iterator[IO[bytes]]:
    """Open a new file that nobody else may read."""
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w+b") as file:
        yield file


@dataclass
class Writer:
    """Adds files to the backup and remembers their hashes."""

    tar: tarfile.TarFile
    files: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add(self, name: str, path: Path) -> None:
        """Add a file; one that was removed meanwhile is passed over."""
        try:
            with path.open("rb") as file:
                info = self.tar.gettarinfo(arcname=name, fileobj=file)
                info.uid = info.gid = 0
                info.uname = info.gname = ""
                hashing = Hashing(file)
                self.tar.addfile(info, hashing)
        except FileNotFoundError:
            return
        self.files[name] = {"size": info.size, "sha256": hashing.digest.hexdigest()}

    def add_text(self, name: str, text: str) -> None:
        """Add a text."""
        info = tarfile.TarInfo(name)
        info.size, info.mode = len(text.encode()), 0o600
        self.tar.addfile(info, io.BytesIO(text.encode()))


class Hashing:
    """A file that is hashed as it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        """Begin."""
        self.file, self.digest = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        data = self.file.read(size)
        self.digest.update(data)
        return data


def fill(writer: Writer, beside: Path) -> None:
    """Add everything, the list of hashes last."""
    with tempfile.TemporaryDirectory(dir=beside, prefix=".backup-") as folder:
        copy = Path(folder) / name_of_copy()
        copy_out(copy)
        writer.add(copy.name, copy)
    # After the database: a mark that it knows stands in the file by now.
    reading = read(settings.TOMBSTONES)
    writer.add(TOMBSTONES, settings.TOMBSTONES)
    for path in sorted(Path(settings.MEDIA_ROOT).rglob("*")):
        if path.is_file() and not path.is_symlink():
            writer.add(f"{MEDIA}/{path.relative_to(settings.MEDIA_ROOT).as_posix()}", path)
    manifest = {
        "version": VERSION,
        "made_at": timezone.now().isoformat(timespec="seconds"),
        "engine": connection.vendor,
        "migrations": sorted(applied()),
        "tombstones": {"marks": len(reading.marks), "hash": reading.hash},
        "files": writer.files,
    }
    writer.add_text(MANIFEST, json.dumps(manifest, indent=1))


def applied() -> set[tuple[str, str]]:
    """Return the migrations this database has seen."""
    return set(MigrationLoader(connection).applied_migrations)


# Putting one back ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Restored:
    """What was put back, and what the operator has still to do."""

    manifest: dict[str, Any]
    to_replay: int  # marks
    to_migrate: bool
    are_tombstones_older: bool  # than the backup: some of what was deleted may be unknown


def restore(file: Path) -> Restored:
    """Put a backup in the place of what is here; raise CannotCopy before anything is touched when it does not fit.

    Stop the servers first. What it does not hold of uploads stays; the file of tombstones is never replaced.
    """
    manifest = verified(file)
    refuse_misfit(manifest)
    with tarfile.open(file) as tar:
        with tempfile.TemporaryDirectory(dir=settings.DATA_DIR, prefix=".restore-") as folder:
            copy = Path(folder) / name_of_copy()
            put(tar, name_of_copy(), copy)
            copy_in(copy)
        for name in manifest["files"]:
            if name.startswith(f"{MEDIA}/"):
                put(tar, name, Path(settings.MEDIA_ROOT) / name.removeprefix(f"{MEDIA}/"))
        if TOMBSTONES in manifest["files"] and not settings.TOMBSTONES.exists():
            put(tar, TOMBSTONES, settings.TOMBSTONES, mode=0o600)
    end_all_sessions()
    idle_warnings.begin_anew()
    reading = read(settings.TOMBSTONES)
    anchor, known = manifest["tombstones"]["hash"], {GENESIS, *reading.hashes}
    to_migrate = bool(set(MigrationLoader(connection).disk_migrations) - applied())
    to_replay = len(list(unknown_of(reading))) if OWN_TABLE in applied() else len(reading.marks)
    return Restored(manifest, to_replay, to_migrate, anchor not in known)


def verified(file: Path) -> dict[str, Any]:
    """Return the manifest of a backup that is whole; raise CannotCopy for any other."""
    try:
        with tarfile.open(file) as tar:
            found = {info.name: seen(tar, info) for info in tar if info.name != MANIFEST}
            manifest: dict[str, Any] = json.loads(extracted(tar, MANIFEST).read())
    except FileNotFoundError:
        raise CannotCopy(f"There is no file {file}.") from None
    except (tarfile.TarError, OSError, EOFError, KeyError, ValueError) as error:
        raise CannotCopy("This is no backup, or not all of it.") from error
    wrong = {name for name in {*found, *manifest["files"]} if found.get(name) != manifest["files"].get(name)}
    if wrong:
        raise CannotCopy(f"The backup is damaged: {len(wrong)} of its files are not as they were written.")
    return manifest


def seen(tar: tarfile.TarFile, info: tarfile.TarInfo) -> dict[str, Any]:
    """Return size and hash of a file in the backup; raise ValueError for what is none, or leads out of its place."""
    parts = PurePosixPath(info.name)
    if not info.isfile() or parts.is_absolute() or ".." in parts.parts:
        raise ValueError
    digest, file = hashlib.sha256(), extracted(tar, info)
    while data := file.read(AT_ONCE):
        digest.update(data)
    return {"size": info.size, "sha256": digest.hexdigest()}


def extracted(tar: tarfile.TarFile, member: str | tarfile.TarInfo) -> IO[bytes]:
    """Return a file of the backup, to be read."""
    file = tar.extractfile(member)
    if file is None:
        raise KeyError(member)
    return file


def refuse_misfit(manifest: dict[str, Any]) -> None:
    """Raise CannotCopy for a backup of another kind of database, or of a newer release."""
    if manifest["version"] != VERSION or manifest["engine"] != connection.vendor:
        raise CannotCopy(f"The backup is of {manifest['engine']}, and DATABASE_URL names {connection.vendor}.")
    known = set(MigrationLoader(connection).disk_migrations)
    newer = {tuple(each) for each in manifest["migrations"]} - known - replaced()
    if newer:
        raise CannotCopy("The backup is of a newer release: install that one first, then restore.")


def replaced() -> set[tuple[str, str]]:
    """Return migrations that others of this release have taken the place of."""
    loader = MigrationLoader(connection)
    return {each for migration in loader.disk_migrations.values() for each in migration.replaces}


def put(tar: tarfile.TarFile, name: str, target: Path, mode: int = 0o640) -> None:
    """Write a file of the backup at its place, whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.part")
    with private(part) as file:
        source = extracted(tar, name)
        while data := source.read(AT_ONCE):
            file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.chmod(mode)
    part.replace(target)

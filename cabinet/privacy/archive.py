"""A ZIP that is whole or absent: written beside its place, read back, then put there (trust.md, f02 and i7)."""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from django.utils import timezone

LEVEL = 1  # of zlib: tables repeat themselves, so its quickest is nearly as small as its best
CHUNK = 256 * 1024  # bytes
SUMS, MANIFEST = "SHA256SUMS", "manifest.json"


# What a ZIP can tell of a file's time: its year has seven bits, counted from 1980 (APPNOTE.TXT, 4.4.6).
EARLIEST, LATEST = (1980, 1, 1, 0, 0, 0), (2107, 12, 31, 23, 59, 58)


class NotWhole(Exception):
    """What stands on the disk is not what was written."""


@dataclass(frozen=True)
class Written:
    """One file in the ZIP."""

    size: int
    sha256: str


@dataclass
class Archive:
    """A ZIP being written; nobody but its owner can read it. Leave it by `put` or by `abandon`."""

    place: Path  # where it will stand
    made_at: datetime
    files: dict[str, Written] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Begin the file under a name that says that it is none yet."""
        self.place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.part = part_of(self.place)
        self.file: IO[bytes] = os.fdopen(os.open(self.part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b")
        self.zip = ZipFile(self.file, "w", ZIP_DEFLATED, compresslevel=LEVEL)

    def add(self, name: str, content: bytes | Iterable[bytes], size: int = 0) -> None:
        """Add a file; where its content comes in chunks, say its size in bytes."""
        chunks = [content] if isinstance(content, bytes) else content
        info = ZipInfo(name, _told(self.made_at))
        info.compress_type, info.external_attr = ZIP_DEFLATED, 0o600 << 16
        info.file_size = size or (len(content) if isinstance(content, bytes) else 0)  # past 2 GB it needs another form
        info._compresslevel = LEVEL  # type: ignore[attr-defined]
        digest, written = sha256(), 0
        with self.zip.open(info, "w") as member:
            for chunk in chunks:
                member.write(chunk)
                digest.update(chunk)
                written += len(chunk)
        self.files[name] = Written(written, digest.hexdigest())

    def close(self, **facts: Any) -> None:
        """Add the manifest with the hash of every file, and have the disk take all of it."""
        listed = [{"name": name, **vars(one)} for name, one in sorted(self.files.items())]
        manifest = json.dumps({**facts, "files": listed}, ensure_ascii=False, indent=1) + "\n"
        self.add(MANIFEST, manifest.encode())
        sums = "".join(f"{one.sha256}  {name}\n" for name, one in sorted(self.files.items()))
        self.add(SUMS, sums.encode())
        self.zip.close()
        self.file.flush()
        os.fsync(self.file.fileno())

    def check(self) -> Iterator[int]:
        """Read every file back and yield its size; raise NotWhole when one is not what was written."""
        try:
            with ZipFile(self.part) as back:
                if back.namelist() != list(self.files):
                    raise NotWhole
                for name, written in self.files.items():
                    if hash_of(back, name) != written.sha256:
                        raise NotWhole
                    yield written.size
        except (BadZipFile, zlib.error, EOFError) as error:
            raise NotWhole from error

    def put(self) -> int:
        """Put the file into its place, for good; return its size in bytes."""
        self.file.close()
        self.part.rename(self.place)
        folder = os.open(self.place.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        return self.place.stat().st_size

    def abandon(self) -> None:
        """Leave nothing behind, whatever has happened."""
        with suppress(OSError, ValueError):  # what could not be written cannot be finished either
            self.zip.close()
        with suppress(OSError):
            self.file.close()
        remove(self.place)


def hash_of(archive: ZipFile, name: str) -> str:
    """Return the SHA-256 of a file in a ZIP."""
    digest = sha256()
    with archive.open(name) as member:
        while chunk := member.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _told(moment: datetime) -> tuple[int, int, int, int, int, int]:
    """Return the shop's time as a ZIP can tell it; a clock that is wrong by decades stops no copy."""
    at = timezone.localtime(moment)
    return min(max((at.year, at.month, at.day, at.hour, at.minute, at.second), EARLIEST), LATEST)


def part_of(place: Path) -> Path:
    """Return under which name a ZIP is being written."""
    return place.with_suffix(".part")


def remove(place: Path) -> None:
    """Remove the ZIP, and what was begun of it."""
    part_of(place).unlink(missing_ok=True)
    place.unlink(missing_ok=True)


class Spool:
    """Bytes on the disk under no name: when the process ends, in whatever way, they are gone."""

    def __init__(self, folder: Path) -> None:
        self.file: IO[bytes] = TemporaryFile(dir=folder)  # noqa: SIM115
        self.size = 0

    def __enter__(self) -> Spool:
        """Return itself."""
        return self

    def __exit__(self, *told: object) -> None:
        """Let go of the bytes."""
        with suppress(OSError):  # a full disk has been told of already
            self.file.close()

    def write(self, content: bytes) -> None:
        """Add bytes."""
        self.file.write(content)
        self.size += len(content)

    def chunks(self) -> Iterator[bytes]:
        """Yield all of it from the beginning."""
        self.file.seek(0)
        while chunk := self.file.read(CHUNK):
            yield chunk

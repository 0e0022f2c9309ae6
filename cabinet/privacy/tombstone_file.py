"""The file of tombstones: one line a mark, each with the hash of the one before; beside the database, not in it."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cabinet.audit.anchors import alone, keep_name

__all__ = ["Mark", "Reading", "TombstonesBroken", "alone", "append", "last_uid", "read"]

VERSION = 1
GENESIS = "0" * 64
MODE = 0o600
TAIL = 64 * 1024  # bytes; a line has some hundreds


class TombstonesBroken(Exception):
    """The file is not as it was written; the message is one sentence."""


@dataclass(frozen=True)
class Mark:
    """That something of somebody is gone: whose, only the keyed hash says."""

    uid: str
    at: datetime
    kind: str  # "erasure", "withdrawal", "unsubscribe", "field"
    mark: str
    key: str
    what: dict[str, Any] = field(default_factory=dict)


@dataclass
class Reading:
    """What stands in the file."""

    marks: list[Mark] = field(default_factory=list)
    hashes: list[str] = field(default_factory=list)
    torn: int = 0  # lines that a power cut has left half written; their marks stand below them once more

    @property
    def hash(self) -> str:
        """Return the hash of the last line."""
        return self.hashes[-1] if self.hashes else GENESIS


def read(path: Path) -> Reading:
    """Return all marks; raise TombstonesBroken at the first line that does not follow the one before."""
    reading = Reading()
    for number, line in enumerate(lines_of(path), start=1):
        told = parsed(line)
        if told is None:
            reading.torn += 1
        elif told["previous"] != reading.hash or told["hash"] != hash_of(told):
            raise TombstonesBroken(f"Line {number} of {path.name} was changed, put in, or one before it taken out.")
        else:
            reading.marks.append(mark_of(told))
            reading.hashes.append(told["hash"])
    return reading


def lines_of(path: Path) -> Iterator[bytes]:
    """Yield the lines; none where there is no file."""
    if path.exists():
        with path.open("rb") as file:
            yield from file


def parsed(line: bytes) -> dict[str, Any] | None:
    """Return what a whole line tells; None for one that is torn."""
    try:
        told = json.loads(line)
        datetime.fromisoformat(told["at"])
    except (ValueError, TypeError, KeyError):
        return None
    wanted = {"version", "uid", "at", "kind", "mark", "key", "what", "previous", "hash"}
    return told if isinstance(told, dict) and wanted == told.keys() else None


def mark_of(told: dict[str, Any]) -> Mark:
    """Return the mark of a line."""
    kept = ("uid", "kind", "mark", "key", "what")
    return Mark(at=datetime.fromisoformat(told["at"]), **{name: told[name] for name in kept})


def hash_of(told: dict[str, Any]) -> str:
    """Return the SHA-256 of all that a line tells, the hash of the one before included."""
    text = json.dumps({name: told[name] for name in sorted(told) if name != "hash"}, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def append(path: Path, marks: Iterable[Mark]) -> list[str]:
    """Add marks and return their hashes when the disk has them; the caller holds `alone(path)`. Raise OSError."""
    is_new = not path.exists()
    file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, MODE)
    try:
        tail = tail_of(file)
        previous = next((told["hash"] for told in map(parsed, reversed(tail.splitlines())) if told), GENESIS)
        hashes, text = [], "" if not tail or tail.endswith(b"\n") else "\n"
        for mark in marks:
            told = line_of(mark, previous)
            previous = told["hash"]
            hashes.append(previous)
            text += json.dumps(told, separators=(",", ":")) + "\n"
        write_all(file, text.encode())
        os.fsync(file)
    finally:
        os.close(file)
    if is_new:
        keep_name(path.parent)
    return hashes


def line_of(mark: Mark, previous: str) -> dict[str, Any]:
    """Return the line of a mark."""
    at = mark.at.astimezone(UTC).isoformat(timespec="seconds")
    told = {"version": VERSION, "uid": mark.uid, "at": at, "kind": mark.kind, "mark": mark.mark, "key": mark.key}
    told |= {"what": mark.what, "previous": previous}
    return {**told, "hash": hash_of(told)}


def write_all(file: int, data: bytes) -> None:
    """Write every byte; a disk that is full raises OSError, and what it took stays as a torn line."""
    while data:
        data = data[os.write(file, data) :]


def tail_of(file: int) -> bytes:
    """Return the end of the file."""
    size = os.fstat(file).st_size
    return os.pread(file, TAIL, max(0, size - TAIL))


def last_uid(path: Path) -> str | None:
    """Return the id of the last whole line, read from the end; None where there is none."""
    try:
        file = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        lines = reversed(tail_of(file).splitlines())
        return next((told["uid"] for told in map(parsed, lines) if told), None)
    finally:
        os.close(file)

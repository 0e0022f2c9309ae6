"""Anchors: hashes of the chain kept in a file outside the database, by which a cut tail or a rewrite is noticed."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from django.utils import timezone

from cabinet.audit.verifying import ChainBroken, verify_chain

MODE = 0o640  # as systemd's UMask leaves other files: ours to write, our group's to read


class Anchor(NamedTuple):
    """That at some time the event of this number had this hash."""

    seq: int
    hash: str
    at: str


def read_anchors(path: Path) -> list[Anchor]:
    """Return the anchors of the file, none when there is no file; raise ChainBroken naming a line that is none."""
    if not path.exists():
        return []
    anchors: list[Anchor] = []
    for number, line in enumerate(path.read_bytes().splitlines(keepends=True), start=1):
        anchor = anchor_of(line)
        if anchor is None or (anchors and anchor.seq <= anchors[-1].seq):
            raise ChainBroken(f"Line {number} of the anchors is broken or out of order: compare it with your copy.")
        anchors.append(anchor)
    return anchors


def anchor_of(line: bytes) -> Anchor | None:
    """Return the anchor of a whole line."""
    try:
        told = json.loads(line)
        anchor = Anchor(told["seq"], told["hash"], told["at"])
        datetime.fromisoformat(anchor.at)
    except (ValueError, TypeError, KeyError):
        return None
    is_sound = type(anchor.seq) is int and anchor.seq > 0 and isinstance(anchor.hash, str) and line.endswith(b"\n")
    return anchor if is_sound else None


def anchor_chain(path: Path) -> Anchor | None:
    """Verify what came since the last anchor, then anchor the newest event; return None when nothing came.

    Raise ChainBroken when the chain does not fit the last anchor, or is not whole since.
    """
    with alone(path):
        last = read_anchors(path)[-1:]
        since = last[0].seq if last else 1
        newest = verify_chain(last, since).newest
        if newest is None or (last and newest[0] == since):
            return None
        return written(path, Anchor(*newest, timezone.now().astimezone(UTC).isoformat(timespec="seconds")))


def written(path: Path, anchor: Anchor) -> Anchor:
    """Add the line in one write and return when the disk has it."""
    is_new = not path.exists()
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, MODE)
    try:
        os.write(file, json.dumps(anchor._asdict()).encode() + b"\n")
        os.fsync(file)
    finally:
        os.close(file)
    if is_new:
        keep_name(path.parent)
    return anchor


def keep_name(folder: Path) -> None:
    """Return when the disk knows of a new file in the folder."""
    place = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(place)
    finally:
        os.close(place)


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Let one process at a time anchor; the folder is what is locked, so that no file is left behind."""
    place = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(place, fcntl.LOCK_EX)
        yield
    finally:
        os.close(place)

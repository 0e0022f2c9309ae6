"""Tombstones: pseudonymous marks of what is gone, replayed after a restore, so that a backup brings nobody back (i12).

tombstones.write("erasure", customer.subject)       # in the transaction that erases
tombstones.flush()                                  # raises when the disk does not have it: then nothing is done

@tombstones.replays("erasure")
def erase_again(mark: Mark, subject: str) -> None:  # after a restore; safe to run twice
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac

from cabinet.notices.upkeep import hourly
from cabinet.privacy.models import Tombstone
from cabinet.privacy.tombstone_file import Mark, alone, append, last_uid

log = logging.getLogger("kelisim.tombstones")

KINDS = ("erasure", "withdrawal", "unsubscribe", "field", "answer")
WORD = re.compile(r"[\w.:-]{0,100}", re.ASCII)  # keys and public ids; no name, no address, no number with a plus
SALT = "kelisim.tombstones"

Replayer = Callable[[Mark, str], object]
replayers: dict[str, Replayer] = {}
for_nobody: dict[str, Callable[[Mark], object]] = {}
_replaying: ContextVar[bool] = ContextVar("replaying", default=False)


class Unreplayed(Exception):
    """The file holds marks that this database does not know: it was restored, and they must be replayed first."""


def write(kind: str, subject: UUID | str, *, calmly: bool = False, **what: Any) -> None:
    """Mark that something of this person is gone; it reaches the file after the commit of the caller's transaction.

    `subject` is the customer's subject or, where there is no customer, the account's public id; never an e-mail, so
    that a later sign-up with the same address is somebody else. `what` are keys and public ids.

    After the commit `flush` is called: what keeps the mark from the disk (OSError, Unreplayed) is raised to whoever
    committed, and the mark waits. `calmly` is for what is done already by then: a failure is logged, and made up for
    within the hour. While marks are replayed, nothing is written.
    """
    if kind not in KINDS:
        raise ValueError(f"A tombstone is one of {', '.join(KINDS)}.")
    if not all(isinstance(each, bool | int) or WORD.fullmatch(each) for each in what.values()):
        raise ValueError("A tombstone tells keys and public ids, and nothing personal.")
    if _replaying.get():
        return
    secret = settings.SECRET_KEY
    Tombstone.objects.create(kind=kind, mark=mark_of(secret, subject), key=key_id(secret), what=what)
    transaction.on_commit(flush_calmly if calmly else flush)


def flush() -> int:
    """Bring every mark that waits into the file; return how many, when the disk has them.

    While marks are replayed nothing is brought: the file is read under its lock, and what a backup held back waits.
    Raise Unreplayed while the file holds marks that this database does not know, OSError when the disk does not write.
    """
    if _replaying.get() or not Tombstone.objects.waiting().exists():
        return 0
    with alone(settings.TOMBSTONES):
        refuse_to_bury()
        rows = list(Tombstone.objects.waiting())
        for row, line in zip(rows, append(settings.TOMBSTONES, map(as_mark, rows)), strict=True):
            Tombstone.objects.filter(pk=row.pk).update(hash=line)
    return len(rows)


def refuse_to_bury() -> None:
    """Raise Unreplayed when the last mark is not ours: a mark behind it would hide that some are to be replayed."""
    last = last_uid(settings.TOMBSTONES)
    if last and not Tombstone.objects.filter(uid=last).exists():
        raise Unreplayed("Run manage.py reapply_erasures first: the database is older than its tombstones.")


@hourly
def flush_calmly() -> None:
    """Make up for what a crash or a full disk has left."""
    try:
        flush()
    except (OSError, Unreplayed) as error:
        log.error("tombstones.not_written", extra={"data": {"error": type(error).__name__}})


def replays(kind: str) -> Callable[[Replayer], Replayer]:
    """Register who does again what a mark of this kind says, for a person whom the restored database holds."""

    def take(replayer: Replayer) -> Replayer:
        replayers[kind] = replayer
        return replayer

    return take


def replays_for_nobody(kind: str) -> Callable[[Callable[[Mark], object]], Callable[[Mark], object]]:
    """Register what is done with each mark of this kind, though the restored database may not hold its person."""

    def take(deed: Callable[[Mark], object]) -> Callable[[Mark], object]:
        for_nobody[kind] = deed
        return deed

    return take


@contextmanager
def replaying() -> Iterator[None]:
    """Let what is done again leave no new marks."""
    token = _replaying.set(True)
    try:
        yield
    finally:
        _replaying.reset(token)


def mark_of(secret: str, subject: UUID | str) -> str:
    """Return the keyed hash that stands for a person."""
    return salted_hmac(SALT, str(subject), secret=secret, algorithm="sha256").hexdigest()


def key_id(secret: str) -> str:
    """Return by which a secret is told from others, and not found."""
    return salted_hmac(f"{SALT}.key", "", secret=secret, algorithm="sha256").hexdigest()[:8]


def as_mark(row: Tombstone) -> Mark:
    """Return a row as the file has it."""
    return Mark(row.uid, row.at, row.kind, row.mark, row.key, row.what)

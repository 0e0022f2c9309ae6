"""Making a copy outside the request, stage by stage; killed at any point, it is made anew (trust.md, f02, f08, i7)."""

from __future__ import annotations

import errno
import logging
import secrets
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import override

from cabinet.audit.recording import record
from cabinet.jobs import job
from cabinet.notices.posting import post
from cabinet.privacy.archive import Archive, remove
from cabinet.privacy.copying import sheets, write_copy
from cabinet.privacy.data_copies import DataCopy, Stage, Trouble
from cabinet.privacy.letters import COPY_FAILED, COPY_READY, context

log = logging.getLogger("kelisim.copies")

TELL_EVERY = 1.0  # seconds between two looks at how far it is
ATTEMPTS = 5
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Superseded(Exception):
    """Another worker has the copy now, or it is wanted no more."""


@job
def make_copy(key: int) -> None:
    """Make the copy, unless it is made, gone, or in another worker's hands by now."""
    copy = _taken(key)
    if copy is None:
        return
    try:
        with override(copy.language):
            _make(copy)
    except Superseded:
        return
    except Exception as error:
        _fail(copy, error)


def _taken(key: int) -> DataCopy | None:
    """Take the copy for this worker, and remove what an earlier one has left of it."""
    copy: DataCopy | None = DataCopy.objects.building().select_related("customer__user").filter(pk=key).first()
    if copy is None:
        return None
    name, before = secrets.token_hex(16), copy.place if copy.file else None
    mine = DataCopy.objects.building().filter(pk=key, attempt=copy.attempt)
    began = {"stage": Stage.COLLECTING, "file": name, "rows_written": 0, "touched_at": timezone.now()}
    if not mine.update(attempt=F("attempt") + 1, **began):
        return None
    if before:
        remove(before)
    copy.attempt, copy.file = copy.attempt + 1, name
    return copy


def _tell(copy: DataCopy, **facts: Any) -> None:
    """Write down how far it is; raise Superseded when it is this worker's no more."""
    mine = DataCopy.objects.building().filter(pk=copy.pk, attempt=copy.attempt)
    if not mine.update(touched_at=timezone.now(), **facts):
        raise Superseded


def _make(copy: DataCopy) -> None:
    found = sheets(copy.customer)
    _tell(copy, stage=Stage.WRITING, rows_expected=sum(table.count() for table in found))
    archive, tell = Archive(copy.place, timezone.now()), Teller(copy)
    try:
        write_copy(archive, copy.customer, found, tell)
        _tell(copy, stage=Stage.CHECKING, rows_written=F("rows_expected"))
        for _size in archive.check():
            tell(0)
        size = archive.put()
    except BaseException:
        archive.abandon()
        raise
    try:
        _finish(copy, size)
    except Superseded:
        remove(copy.place)
        raise
    # After any other failure nobody knows whether it was committed: the file stays, for the next try or the sweep.


class Teller:
    """Counts rows, and now and then writes down how many there are."""

    def __init__(self, copy: DataCopy) -> None:
        """Begin at nought."""
        self.copy, self.rows, self.told_at = copy, 0, time.monotonic()

    def __call__(self, rows: int) -> None:
        """Count more rows."""
        self.rows += rows
        if time.monotonic() - self.told_at >= TELL_EVERY:
            _tell(self.copy, rows_written=self.rows)
            self.told_at = time.monotonic()


def _removal(place: Path) -> Callable[[], None]:
    # Not a partial: it has no name by which Django could log that it failed.
    return lambda: remove(place)


@transaction.atomic
def _finish(copy: DataCopy, size: int) -> None:
    """Say that the copy is ready, which nothing has said before its file stood there whole; let go of older ones."""
    now = timezone.now()
    until = now + settings.COPY_LIFETIME
    _tell(copy, stage=Stage.READY, size=size, ready_at=now, expires_at=until)
    customer = copy.customer
    for older in DataCopy.objects.filter(customer=customer, stage=Stage.READY).exclude(pk=copy.pk):
        DataCopy.objects.filter(pk=older.pk).update(stage=Stage.GONE, size=None, touched_at=now)
        transaction.on_commit(_removal(older.place), robust=True)
    _write_to(customer, COPY_READY, until)
    record("privacy.copy.ready", subject=customer.subject, copy=copy.public_id)


def _write_to(customer: Any, template: str, until: datetime | None = None) -> None:
    with override(customer.language):
        said = {"context": context(until), "account": customer.user}
        post(template, to=customer.user.email, language=customer.language, **said)


def _fail(copy: DataCopy, error: Exception) -> None:
    """Say that it failed, when there is no room or it has been tried often; else raise, and the job is repeated."""
    has_no_room = isinstance(error, OSError) and error.errno in NO_ROOM
    log.warning("copies.failed", extra={"data": {"copy": copy.public_id, "error": type(error).__name__}})
    mine = DataCopy.objects.building().filter(pk=copy.pk, attempt=copy.attempt)
    if has_no_room or copy.attempt >= ATTEMPTS:
        trouble = Trouble.DISK if has_no_room else Trouble.FAULT
        _give_up(copy, mine, trouble)
        return
    raise error


@transaction.atomic
def _give_up(copy: DataCopy, mine: Any, trouble: Trouble) -> None:
    """Say that it failed, on the page and in a letter, once."""
    if mine.update(stage=Stage.FAILED, trouble=trouble, touched_at=timezone.now()):
        _write_to(copy.customer, COPY_FAILED)

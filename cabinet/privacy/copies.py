"""Copies of one's data: asked for once a day, downloaded by a token, gone after their time."""

from __future__ import annotations

import logging
import secrets
import time
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from cabinet.audit.recording import record
from cabinet.customers.actions import lock_open
from cabinet.jobs.in_hand import in_hand
from cabinet.notices.upkeep import hourly
from cabinet.privacy.archive import remove
from cabinet.privacy.data_copies import DataCopy, Stage
from cabinet.privacy.making_copies import make_copy
from cabinet.privacy.terms import singly

log = logging.getLogger("kelisim.copies")

ONE_IN = timedelta(days=1)  # s11: a copy reads all there is
STALLED = timedelta(hours=2)  # a copy that has not come on for so long has lost its job, too
STRAY = timedelta(hours=1)  # a file that nobody claims for so long belonged to somebody who was killed


class TooSoon(Exception):
    """Another copy was asked for within a day; `until` is when the next is possible."""

    def __init__(self, until: datetime) -> None:
        super().__init__()
        self.until = until


def latest(customer: Any) -> DataCopy | None:
    """Return the copy asked for last."""
    found: DataCopy | None = DataCopy.objects.filter(customer=customer).first()
    return found


def next_possible(customer: Any) -> datetime | None:
    """Return from when another copy can be asked for; None: now. One that failed counts for nothing."""
    counted = DataCopy.objects.filter(customer=customer, asked_at__gt=timezone.now() - ONE_IN)
    last = counted.exclude(stage=Stage.FAILED).first()
    return last.asked_at + ONE_IN if last else None


@transaction.atomic
def ask(*, customer: Any, language: str) -> DataCopy:
    """Return the new copy, which is begun after the commit, or the one being made already.

    Raise TooSoon, or AccountClosed.
    """
    lock_open(customer)
    being_made: DataCopy | None = DataCopy.objects.building().filter(customer=customer).first()
    if being_made:  # a doubled click, another tab
        return being_made
    if until := next_possible(customer):
        raise TooSoon(until)
    copy: DataCopy = DataCopy.objects.create(customer=customer, language=language)
    make_copy.later(copy.pk)
    _trace(copy, "asked")
    return copy


@transaction.atomic
def new_token(*, copy: DataCopy) -> str:
    """Return a token that downloads the copy; the one before opens nothing any more."""
    token = secrets.token_urlsafe(32)
    DataCopy.objects.filter(pk=copy.pk).update(token_sha256=hashed(token))
    return token


def found_by(token: str, customer: Any) -> DataCopy | None:
    """Return the customer's own copy that the token opens, though its time be over."""
    found: DataCopy | None = DataCopy.objects.filter(customer=customer, token_sha256=hashed(token)).first()
    return found


def hashed(token: str) -> str:
    """Return what is kept of a token."""
    return sha256(token.encode("utf-8", "backslashreplace")).hexdigest()


@transaction.atomic
def note_download(*, copy: DataCopy) -> None:
    """Write down that the copy is being downloaded; to be called before the first byte."""
    DataCopy.objects.filter(pk=copy.pk).update(downloaded_at=timezone.now())
    _trace(copy, "downloaded")


def remove_all(customer: Any) -> int:
    """Remove the customer's copies, files first, those being made too; return how many. Twice does no harm."""
    found = list(DataCopy.objects.filter(customer=customer))
    for copy in found:
        _remove_file(copy)
    # Whoever is writing one finds its row gone and removes what was written since.
    return int(DataCopy.objects.filter(pk__in=[copy.pk for copy in found]).delete()[0])


def _remove_file(copy: DataCopy) -> None:
    if copy.file:
        remove(copy.place)


def let_go(copy: DataCopy) -> None:
    """End a copy that was ready: its file first, then its state."""
    _remove_file(copy)
    with transaction.atomic():
        if DataCopy.objects.filter(pk=copy.pk, stage=Stage.READY).update(
            stage=Stage.GONE, size=None, touched_at=timezone.now()
        ):
            _trace(copy, "expired", actor="")


@singly("privacy.copies", "privacy.DataCopy", DataCopy.objects.outlived)
def let_go_of_outlived(pk: int) -> bool:
    """Delete the file of a copy whose time is over; say whether there was one. It is a 410 already."""
    copy = DataCopy.objects.outlived(timezone.now()).select_related("customer__user").filter(pk=pk).first()
    if copy:
        let_go(copy)
    return copy is not None


@hourly
def begin_stalled_again() -> int:
    """Have copies begun anew that nobody is making and no job remembers; return how many."""
    stalled = DataCopy.objects.building().filter(touched_at__lt=timezone.now() - STALLED)
    keys = sorted(set(stalled.values_list("pk", flat=True)) - in_hand(make_copy))
    for key in keys:
        make_copy.later(key)
    return len(keys)


@hourly
def sweep_strays() -> int:
    """Delete files of copies that no row claims, as a killed worker leaves them; return how many."""
    folder = Path(settings.COPIES_DIR)
    files = [path for path in folder.glob("*") if path.suffix in {".part", ".zip"}] if folder.is_dir() else []
    claimed = set(DataCopy.objects.building().values_list("file", flat=True))
    claimed |= set(DataCopy.objects.filter(stage=Stage.READY).values_list("file", flat=True))
    strays = [path for path in files if path.stem not in claimed and _age(path) > STRAY.total_seconds()]
    for path in strays:
        path.unlink(missing_ok=True)
    return len(strays)


def _age(path: Path) -> float:
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _trace(copy: DataCopy, deed: str, actor: str | None = None) -> None:
    by = copy.customer.user.public_id if actor is None else actor
    record(f"privacy.copy.{deed}", subject=copy.customer.subject, actor=by, copy=copy.public_id)

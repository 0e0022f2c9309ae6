"""What becomes of a job that failed, or whose worker was killed: repeated with growing pauses, parked in the end."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks_db.compat import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from cabinet.jobs.job import LEASE

log = logging.getLogger("kelisim.jobs")

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
TRIES = len(PAUSES) + 1  # f14: whatever fails so often waits for somebody to look at it
LOST = "cabinet.jobs.Lost"  # in place of an exception's class: the worker ended without a word


def after_each(sender: Any, task_result: Any, **kwargs: Any) -> None:
    """Have a job that failed repeated; whichever worker ran it, our thread or manage.py db_worker."""
    if task_result.status == TaskResultStatus.FAILED and hasattr(task_result, "db_result"):
        repeat_or_park(task_result.db_result)


def without_words(instance: DBTaskResult, **kwargs: Any) -> None:
    """Keep the words of an exception out of the table: they may be somebody's name. Its class stays."""
    instance.traceback = ""


def repeat_or_park(row: DBTaskResult) -> None:
    """Put a failed job back for its next try; leave it where it is after the last."""
    tries, what = len(row.worker_ids), {"job": row.task_path, "error": row.exception_class_path}
    failed = DBTaskResult.objects.failed().filter(pk=row.pk, finished_at=row.finished_at)
    if tries >= TRIES:
        log.error("jobs.parked", extra={"data": {**what, "try": tries}})
    elif failed.update(status=TaskResultStatus.READY, run_after=timezone.now() + PAUSES[max(tries, 1) - 1]):
        log.warning("jobs.failed", extra={"data": {**what, "try": tries}})


def mend() -> None:
    """Take up what a killed process left half done."""
    now = timezone.now()
    for row in DBTaskResult.objects.running().filter(started_at__lte=now - LEASE):
        if row.started_at <= now - lease_of(row):
            take_back(row, now)
    # Killed between the failure and our word about it, or a job whose code is not there.
    for row in DBTaskResult.objects.failed().filter(finished_at__gte=now - timedelta(days=1)):
        if len(row.worker_ids) < TRIES:
            repeat_or_park(row)


def lease_of(row: DBTaskResult) -> timedelta:
    """Return how long its worker may take."""
    try:
        return max(LEASE, getattr(import_string(row.task_path), "lease", LEASE))
    except ImportError:
        return LEASE


def take_back(row: DBTaskResult, now: datetime) -> None:
    """Let a job whose worker is gone begin anew; one over which workers die is parked."""
    mine = DBTaskResult.objects.running().filter(pk=row.pk, started_at=row.started_at)
    if len(row.worker_ids) < TRIES:
        mine.update(status=TaskResultStatus.READY, run_after=now)
    elif mine.update(status=TaskResultStatus.FAILED, finished_at=now, exception_class_path=LOST):
        log.error("jobs.parked", extra={"data": {"job": row.task_path, "error": LOST, "try": len(row.worker_ids)}})

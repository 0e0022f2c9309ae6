"""A job: a function of ids, done beside the requests, at least once."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django_tasks_db.compat import Task, TaskResultStatus

# How long a worker has a job for itself. When its process was killed, the job begins anew after that.
LEASE = timedelta(minutes=15)
ID = re.compile(r"[\w.:-]{1,100}", re.ASCII)  # numbers, UUIDs, random ids, keys; no name, no address


@dataclass(frozen=True, slots=True, kw_only=True)
class Job(Task):  # type: ignore[misc]
    """A task of Django's with a lease. Whoever writes one makes it safe to run twice."""

    lease: timedelta = LEASE

    def later(self, *ids: Any) -> None:
        """Have it done after the commit, or not at all when the transaction is rolled back.

        Arguments are ids: they stand in the queue, which knows nobody's rights. Raise ValueError for anything else.
        """
        texts = [as_id(given) for given in ids]
        backend = self.get_backend()
        if getattr(backend, "is_in_our_transaction", False):
            self.enqueue(*texts)
        else:
            # What is committed is not told to have failed because a queue elsewhere is away: it is logged, and the rows
            # that wait for the job are found again by the next round of upkeep.
            transaction.on_commit(lambda: self.enqueue(*texts), robust=True)

    def is_waiting(self) -> bool:
        """Say whether it is in the database's queue, or being done; no where another backend has the jobs."""
        from django_tasks_db.models import DBTaskResult

        unfinished = (TaskResultStatus.READY, TaskResultStatus.RUNNING)
        return bool(DBTaskResult.objects.filter(task_path=self.module_path, status__in=unfinished).exists())

    def __call__(self, *ids: Any) -> Any:
        """Do it here and now."""
        return self.func(*ids)


def as_id(given: Any) -> int | str:
    """Return the id as JSON holds it."""
    if isinstance(given, int):
        return given
    text = str(given)
    if not ID.fullmatch(text):
        raise ValueError("Jobs are given ids and nothing else: what they are about, they read when they run.")
    return text


def job(function: Callable[..., Any] | None = None, *, lease: timedelta = LEASE) -> Any:
    """Make a function of ids a job: `@job`, or `@job(lease=timedelta(hours=2))` for one that may take so long.

    It is done at least once, so it must be safe to run twice. A failure is repeated after a growing pause; after the
    fifth it is parked until somebody on staff has it tried again.
    """
    make = partial(Job, lease=lease)
    return make(func=function) if function else lambda late: make(func=late)

"""Running what is due, by django-tasks-db's own worker: each job by one worker at a time, on either database."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks_db.compat import DEFAULT_TASK_BACKEND_ALIAS, TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult
from django_tasks_db.utils import exclusive_transaction

from cabinet.jobs.failing import mend


class Hand(Worker):  # type: ignore[misc]
    """The package's worker: it ends when nothing is due, and knows how much it did."""

    def __init__(self) -> None:
        self.done = 0
        super().__init__(
            queue_names=["*"],
            excluded_queue_names=[],
            interval=0,
            batch=True,
            backend_name=DEFAULT_TASK_BACKEND_ALIAS,
            startup_delay=False,
            max_tasks=None,
            worker_id=get_random_string(32),
        )

    def run(self) -> None:
        """Do what is due, one after the other, until there is no more or the process ends."""
        while self.running and (row := self.take_one()):
            self.run_task(row)

    def take_one(self) -> DBTaskResult | None:
        """Take the job that is due first, for this worker alone, until its lease ends."""
        if not DBTaskResult.objects.ready().exists():
            return None  # else each look would lock all of SQLite's file
        with exclusive_transaction():
            row = DBTaskResult.objects.ready().filter(backend_name=self.backend_name).get_locked()
            if row is not None:
                row.claim(self.worker_id)
            return row

    def run_task(self, db_task_result: Any) -> None:
        """Run one."""
        super().run_task(db_task_result)
        self.done += 1

    def let_go(self) -> None:
        """Give what is in hand back to the queue, because this process ends."""
        own = [row.pk for row in DBTaskResult.objects.running() if row.worker_ids[-1:] == [self.worker_id]]
        left = DBTaskResult.objects.running().filter(pk__in=own)
        left.update(status=TaskResultStatus.READY, run_after=timezone.now())


def run_due(hand: Hand | None = None) -> int:
    """Run every job that is due, and those that became due meanwhile; return how many."""
    mend()
    hand = hand or Hand()
    hand.run()
    return hand.done

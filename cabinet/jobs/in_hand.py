"""What is in the queue already, for whoever asks for the same job each hour."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django_tasks_db.compat import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from cabinet.jobs.job import Job

PARKED = timedelta(days=1)  # so long a parked job is somebody's to look at, before it is asked for anew


def in_hand(job: Job) -> set[Any]:
    """Return for which id a job of one id waits, is being done, or was parked within a day; one query.

    Who asks each hour leaves these out: hours without a worker make no heap of jobs, and what fails is tried five times
    a day and not without end.
    """
    is_open = Q(status__in=(TaskResultStatus.READY, TaskResultStatus.RUNNING))
    is_parked = Q(status=TaskResultStatus.FAILED, finished_at__gt=timezone.now() - PARKED)
    rows = DBTaskResult.objects.filter(is_open | is_parked, task_path=job.module_path)
    return {told["args"][0] for told in rows.values_list("args_kwargs", flat=True)}

"""Forgetting jobs that are done."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from cabinet.notices.upkeep import hourly

DONE_LIFETIME = timedelta(days=1)
PARKED_LIFETIME = timedelta(days=90)


@hourly
def forget_done() -> int:
    """Delete jobs that were done a day ago, and parked ones that nobody took up; return how many."""
    now = timezone.now()
    old = DBTaskResult.objects.successful().filter(finished_at__lte=now - DONE_LIFETIME)
    parked = DBTaskResult.objects.failed().filter(finished_at__lte=now - PARKED_LIFETIME)
    return int(old.delete()[0]) + int(parked.delete()[0])

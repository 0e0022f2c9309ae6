"""Jobs that wait for somebody: django-tasks-db's own rows, seen by staff under our name."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_tasks_db.compat import TaskResultStatus
from django_tasks_db.models import DBTaskResult


class ParkedJobs(models.Manager["ParkedJob"]):
    """Jobs that failed for the last time."""

    def get_queryset(self) -> models.QuerySet[ParkedJob]:
        """Return them, and no others."""
        return super().get_queryset().filter(status=TaskResultStatus.FAILED)


class ParkedJob(DBTaskResult):  # type: ignore[misc]
    """A job that failed five times, or over which workers died."""

    objects: ClassVar[Any] = ParkedJobs()

    class Meta:
        proxy = True
        ordering = ["-finished_at"]
        default_permissions = ("view",)
        permissions = [("retry_parkedjob", "Can have a parked job tried again")]
        verbose_name = _("parked job")
        verbose_name_plural = _("parked jobs")

    def __str__(self) -> str:
        return self.task_path

    @property
    def name(self) -> str:
        """Return what it is called in the code."""
        return self.task_path.removeprefix("cabinet.")

    @property
    def tries(self) -> int:
        """Return how often it was tried."""
        return len(self.worker_ids)

    @property
    def error(self) -> str:
        """Return the class of the last failure; its words may be somebody's name and are not kept."""
        return self.exception_class_path.removeprefix("builtins.")

    def try_again(self) -> bool:
        """Let it begin anew; say whether it was parked."""
        parked = ParkedJob.objects.filter(pk=self.pk)
        return bool(parked.update(status=TaskResultStatus.READY, run_after=timezone.now(), worker_ids=[]))

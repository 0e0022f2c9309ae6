"""Work beside the requests."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import pre_save
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    """The queue of jobs and who does them."""

    name = "cabinet.jobs"
    label = "jobs"
    verbose_name = _("Background work")

    def ready(self) -> None:
        """Hear of every job that enters the queue, and of every one that ends."""
        from django_tasks_db.compat import task_enqueued, task_finished
        from django_tasks_db.models import DBTaskResult

        from cabinet.jobs import failing, pruning, workman  # noqa: F401  (pruning registers itself)

        task_enqueued.connect(workman.poke_after_commit)
        task_finished.connect(failing.after_each)
        pre_save.connect(failing.without_words, sender=DBTaskResult)

"""The queue: the database's own table, so that a job is kept or undone together with what asked for it."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.utils.module_loading import import_string
from django_tasks_db.backend import DatabaseBackend
from django_tasks_db.compat import BaseTaskBackend

log = logging.getLogger("kelisim.jobs")

# Wagtail asks for these for every saved row of what editors write, and editors look for the row, or for where it is in
# use, a moment later. So they are done as soon as the row is committed (DECISIONS.md, 46 and 98).
AFTER_COMMIT = ("wagtail.tasks.update_reference_index_task", "modelsearch.tasks.insert_or_update_object_task")
LOOKED_BACK = 100  # deeds that wait for this commit: who saves a row again does so a moment later


class Queue(DatabaseBackend):  # type: ignore[misc]
    """django-tasks-db, but Wagtail's indexes are kept when the row is committed, once however often it was saved."""

    is_in_our_transaction = True

    def __init__(self, alias: str, params: dict[str, Any]) -> None:
        super().__init__(alias, params)
        tasks = BaseTaskBackend.__module__.removesuffix(".base")  # Django's own from 6.0 on, else its forerunner
        self.here = import_string(f"{tasks}.immediate.ImmediateBackend")(alias, params)

    def enqueue(self, task: Any, args: Any, kwargs: Any) -> Any:
        """Put it into the queue, or do it after the commit where it is one of those; there is no result then."""
        if task.module_path not in AFTER_COMMIT:
            return super().enqueue(task, args, kwargs)
        indexing = Indexing(self.here, task, *args, **kwargs)
        # Django's list of what waits, which its own tests read, too: a savepoint that is undone takes its part out.
        if indexing not in [waiting[1] for waiting in connection.run_on_commit[-LOOKED_BACK:]]:
            transaction.on_commit(indexing)
        return None


@dataclass(frozen=True)
class Indexing:
    """One of Wagtail's tasks for a row, as it waits for the commit."""

    backend: Any
    task: Any
    app_label: str
    model_name: str
    pk: str

    def __call__(self) -> None:
        """Do it; where it fails that is logged, for the row is committed, and others wait for the same commit."""
        try:
            self._index()
        except Exception:
            log.exception("index.failed", extra={"data": {"model": self.model_name, "id": self.pk}})

    @transaction.atomic
    def _index(self) -> None:
        # Locked: of two who save a row at once the later one's words are indexed last, and who deletes it comes after.
        rows = apps.get_model(self.app_label, self.model_name)._base_manager.select_for_update(of=("self",))
        if rows.filter(pk=self.pk).values_list("pk").first():
            self.backend.enqueue(self.task, (self.app_label, self.model_name, self.pk), {})

"""The queue: the database's own table, so that a job is kept or undone together with what asked for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.utils.module_loading import import_string
from django_tasks_db.backend import DatabaseBackend
from django_tasks_db.compat import BaseTaskBackend

# Wagtail asks for these for every saved row of what editors write, and editors look for the row, or for where it is in
# use, a moment later. So they are done as soon as the row is committed (DECISIONS.md, 46 and 98).
AT_ONCE = ("wagtail.tasks.update_reference_index_task", "modelsearch.tasks.")
LOOKED_BACK = 100  # what waits for the commit: a row that is saved again was saved a moment ago


class Queue(DatabaseBackend):  # type: ignore[misc]
    """django-tasks-db, but Wagtail's indexes are kept when the row is committed, once however often it was saved."""

    is_in_our_transaction = True

    def __init__(self, alias: str, params: dict[str, Any]) -> None:
        super().__init__(alias, params)
        tasks = BaseTaskBackend.__module__.removesuffix(".base")  # Django's own from 6.0 on, else its forerunner
        self.at_once = import_string(f"{tasks}.immediate.ImmediateBackend")(alias, params)

    def enqueue(self, task: Any, args: Any, kwargs: Any) -> Any:
        """Put it into the queue, or do it after the commit where it is one of those; there is no result then."""
        if not task.module_path.startswith(AT_ONCE):
            return super().enqueue(task, args, kwargs)
        indexing = Indexing(self.at_once, task, *args, **kwargs)
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
        """Do it, unless the row is gone again."""
        if apps.get_model(self.app_label, self.model_name)._base_manager.filter(pk=self.pk).exists():
            self.backend.enqueue(self.task, (self.app_label, self.model_name, self.pk), {})

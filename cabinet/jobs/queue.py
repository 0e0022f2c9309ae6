"""The queue: the database's own table, so that a job is kept or undone together with what asked for it."""

from __future__ import annotations

from typing import Any

from django.utils.module_loading import import_string
from django_tasks_db.backend import DatabaseBackend
from django_tasks_db.compat import BaseTaskBackend

# Wagtail asks for these for every saved row of what editors write, and editors look for the row, or for where it is in
# use, a moment later. So they are done where the row is saved (DECISIONS.md, 46).
AT_ONCE = ("wagtail.tasks.update_reference_index_task", "modelsearch.tasks.")


class Queue(DatabaseBackend):  # type: ignore[misc]
    """django-tasks-db, but Wagtail's indexes are kept where the row is saved."""

    is_in_our_transaction = True

    def __init__(self, alias: str, params: dict[str, Any]) -> None:
        super().__init__(alias, params)
        tasks = BaseTaskBackend.__module__.removesuffix(".base")  # Django's own from 6.0 on, else its forerunner
        self.at_once = import_string(f"{tasks}.immediate.ImmediateBackend")(alias, params)

    def enqueue(self, task: Any, args: Any, kwargs: Any) -> Any:
        """Put it into the queue, or do it now where it is one of those."""
        if task.module_path.startswith(AT_ONCE):
            return self.at_once.enqueue(task, args, kwargs)
        return super().enqueue(task, args, kwargs)

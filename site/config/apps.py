"""How it all starts: SQLite's file is put into WAL mode once, when it is migrated."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


class ConfigConfig(AppConfig):
    """Settings, addresses and the checks of the environment."""

    name = "config"

    def ready(self) -> None:
        """Connect what must happen at start."""
        # Django sends it for applications that have models, and this one has none: whoever sends it, we hear it.
        post_migrate.connect(switch_to_wal)


def switch_to_wal(using: str, **kwargs: Any) -> None:
    """Set write-ahead logging; it is a property of the file, and doing it at each start can fail under load."""
    connection = connections[using]
    if connection.vendor == "sqlite" and not connection.is_in_memory_db():  # type: ignore[attr-defined]
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA journal_mode=WAL")

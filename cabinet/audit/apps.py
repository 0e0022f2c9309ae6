"""Ground floor: what is added to and never edited."""

from __future__ import annotations

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Append-only tables, and the log of events that is one."""

    name = "cabinet.audit"
    label = "audit"

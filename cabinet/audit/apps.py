"""Ground floor: what is added to and never edited."""

from __future__ import annotations

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Append-only tables; the event log itself follows."""

    name = "cabinet.audit"
    label = "audit"

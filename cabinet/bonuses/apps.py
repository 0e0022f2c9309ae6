"""Bonuses: a ledger of movements, and the balance they come to."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BonusesConfig(AppConfig):
    """The bonus account of each customer."""

    name = "cabinet.bonuses"
    label = "bonuses"
    verbose_name = _("Bonuses")

    def ready(self) -> None:
        """Declare the personal data, take the shop engine's events, and see each hour to what has expired."""
        from cabinet.bonuses import handlers, personal_data, upkeep  # noqa: F401

"""Accounts, and later the people behind them."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CustomersConfig(AppConfig):
    """Accounts of staff and customers."""

    name = "cabinet.customers"
    label = "customers"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        """Connect the checks and what follows from signing in."""
        from cabinet.customers import checks, invitations, second_factor  # noqa: F401

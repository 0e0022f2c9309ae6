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
        """Connect the checks, the letters and what follows from signing in; declare the personal data."""
        from cabinet.customers import (  # noqa: F401
            account_letters,
            actions,
            checks,
            invitations,
            personal_data,
            second_factor,
        )

        from cabinet.customers import told_shop  # isort: skip  # noqa: F401

        # Behind the others, as people read them.
        from cabinet.customers import kept_below  # isort: skip  # noqa: F401

"""What people order, where it goes, and who may see it."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrdersConfig(AppConfig):
    """Orders of the site, of the phone and of the shop engine."""

    name = "cabinet.orders"
    label = "orders"
    verbose_name = _("Orders")

    def ready(self) -> None:
        """Declare the personal data and the reasons to keep it; say what is done with events, by letter, each hour."""
        from cabinet.orders import (  # noqa: F401
            address_uses,
            early,
            handling,
            holds,
            personal_data,
            phone_letters,
            phone_withdrawing,
            seeing_letters,
            vault,
            vault_checks,
            woocommerce,
        )

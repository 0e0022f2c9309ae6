"""What people ask of the shop, and by when it has to answer."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    """Requests of the law and of the policy."""

    name = "cabinet.desk"
    label = "desk"
    verbose_name = _("Requests to the shop")

    def ready(self) -> None:
        """Declare the personal data, why it may not go while a request is open, and what an erasure finds of it."""
        from cabinet.desk import (  # noqa: F401
            answered_again,
            holds,
            letters,
            on_orders,
            personal_data,
            taking_over,
        )

"""Letters and the box they wait in until a mail server takes them."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    """Letters to customers and staff."""

    name = "cabinet.notices"
    label = "notices"
    verbose_name = _("Letters")

    def ready(self) -> None:
        """Connect the checks."""
        from cabinet.notices import checks  # noqa: F401

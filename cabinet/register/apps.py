"""The register: which personal data is kept, why, how long, and how it ends. No tables."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegisterConfig(AppConfig):
    """Categories of personal data, declared by the rooms that keep them."""

    name = "cabinet.register"
    label = "register"
    verbose_name = _("Register of personal data")

    def ready(self) -> None:
        """Connect the checks."""
        from cabinet.register import checks  # noqa: F401

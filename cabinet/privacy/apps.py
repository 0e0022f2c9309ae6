"""What people may ask of their own data: to see it, to have a copy, to have it gone."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PrivacyConfig(AppConfig):
    """Runs what the register holds."""

    name = "cabinet.privacy"
    label = "privacy"
    verbose_name = _("Privacy")

    def ready(self) -> None:
        """Declare what is kept; connect letters, deeds and marks; rest while a restored database is not replayed."""
        from cabinet import beside
        from cabinet.privacy import (  # noqa: F401
            asking,
            copies,
            gate,
            gone_again,
            guests,
            idle,
            letters,
            others,
            personal_data,
            retention,
            turns,
            unconfirmed,
        )

        beside.reasons_to_rest.append(gate.is_behind)

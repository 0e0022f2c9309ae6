"""What people agreed to: cookie choices now, purposes and consent texts later."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConsentsConfig(AppConfig):
    """Receipts of choices."""

    name = "cabinet.consents"
    label = "consents"
    verbose_name = _("Consents")

    def ready(self) -> None:
        """Declare the personal data, join choices at sign-in, and have letters checked against the ledger."""
        from cabinet.consents import (  # noqa: F401
            barring,
            checks,
            forgetting_names,
            joining,
            letters,
            personal_data,
            telling_editions,
            told_shop,
        )
        from cabinet.consents.standing import wanted
        from cabinet.notices.wanted import decides

        decides(wanted)

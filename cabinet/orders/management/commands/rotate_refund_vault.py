"""Seal the bank details of refunds anew under the first key of REFUND_VAULT_KEYS."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cabinet.orders.vault import is_ready, rotate


class Command(BaseCommand):
    """Can be run twice; afterwards the older keys can be left out."""

    help = "Seal the bank details of refunds anew under the first key of REFUND_VAULT_KEYS."

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how many were sealed anew."""
        if not is_ready():
            raise CommandError("Name a key in REFUND_VAULT_KEYS first.")
        self.stdout.write(f"Sealed anew: {rotate()}. Older keys can be left out of REFUND_VAULT_KEYS now.")

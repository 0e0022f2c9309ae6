"""manage.py anchor_audit: write down outside the database where the chain of events stands."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cabinet.audit.anchors import anchor_chain
from cabinet.audit.verifying import ChainBroken


class Command(BaseCommand):
    """Adds a line to the file of AUDIT_ANCHORS; twice adds nothing when nothing happened between."""

    help = "Anchor the newest event of the audit chain in the file AUDIT_ANCHORS; refuse when the chain does not fit."

    def handle(self, *args: Any, **options: Any) -> None:
        """Anchor, and say which event."""
        try:
            anchor = anchor_chain(settings.AUDIT_ANCHORS)
        except ChainBroken as broken:
            raise CommandError(f"Not anchored. {broken}") from broken
        except OSError as error:
            raise CommandError(f"Not anchored: {settings.AUDIT_ANCHORS} cannot be used: {error.strerror}.") from error
        told = f"Anchored: event {anchor.seq}" if anchor else "Nothing to anchor: no event since the last anchor"
        self.stdout.write(self.style.SUCCESS(told))

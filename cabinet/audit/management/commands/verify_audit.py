"""manage.py verify_audit: is the log of events as it was written?"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from cabinet.audit.anchors import read_anchors
from cabinet.audit.append_only import has_triggers
from cabinet.audit.models import Event
from cabinet.audit.verifying import ChainBroken, verify_chain

UNGUARDED = (
    "The table of events has lost its triggers: find out who dropped them, then restore them (docs/operator.md)."
)
NO_ANCHOR = "There is no anchor: run anchor_audit, or nobody will notice when the end of the chain is cut."


class Command(BaseCommand):
    """Recomputes the chain, its payloads and anchors, looks for the triggers; exit 1 names the first bad row."""

    help = "Check the audit chain: every hash, every payload, the anchors, and the triggers that keep the table."

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, and say how much there was."""
        try:
            self._verify()
        except ChainBroken as broken:
            raise CommandError(str(broken)) from broken

    def _verify(self) -> None:
        # Anchors first: an event that is anchored while we read stands in the chain that we read after.
        anchors = read_anchors(settings.AUDIT_ANCHORS)
        walk = verify_chain(anchors, tell=lambda done: self.stdout.write(f"{done} events are sound, going on…"))
        if not has_triggers(connection, Event._meta.db_table):
            raise ChainBroken(UNGUARDED)
        if walk.newest and not anchors:
            self.stderr.write(self.style.WARNING(NO_ANCHOR))
        told = f"{walk.sequence} events, {len(anchors)} anchors, {walk.forgotten} payloads forgotten"
        self.stdout.write(self.style.SUCCESS(f"Verified: {told}"))

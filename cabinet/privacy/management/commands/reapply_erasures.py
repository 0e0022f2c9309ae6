"""manage.py reapply_erasures: after a restore, do again what people had done since the backup."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cabinet.privacy.reapplying import CannotReplay, reapply
from cabinet.privacy.tombstone_file import TombstonesBroken
from cabinet.privacy.tombstones import flush


class Command(BaseCommand):
    """Replays the marks of TOMBSTONES that this database does not know; twice does nothing the second time."""

    help = "After a restore: erase, withdraw and unsubscribe again what was so since the backup. Opens the site again."

    def handle(self, *args: Any, **options: Any) -> None:
        """Replay, and say how many of what."""
        try:
            done = reapply(self.stdout.write)
            flush()
        except (CannotReplay, TombstonesBroken) as error:
            raise CommandError(f"The site stays closed. {error}") from error
        names = {"erasure": "erasures", "withdrawal": "withdrawals", "unsubscribe": "unsubscriptions"}
        names |= {"field": "deleted fields", "nobody": "of people who are not in this database"}
        told = ", ".join(f"{name}: {done[kind]}" for kind, name in names.items())
        self.stdout.write(self.style.SUCCESS(f"Replayed {sum(done.values())} marks ({told})"))

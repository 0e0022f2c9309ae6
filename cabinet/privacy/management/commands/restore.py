"""manage.py restore: put a backup in the place of what is here."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cabinet.privacy.backups import Restored, restore
from cabinet.privacy.databases import CannotCopy
from cabinet.privacy.tombstone_file import TombstonesBroken

OLDER = (
    "The file of tombstones is older than this backup, or was cut: what people deleted after the end of that file and "
    "before the backup is known, what they deleted after the backup is not. Put your newest copy of it in its place."
)


class Command(BaseCommand):
    """Checks every hash first; afterwards the site stays closed until reapply_erasures has run."""

    help = "Put a backup back. Stop the servers first. Asks before it replaces the database; --yes does not ask."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take which, and whether to ask."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args: Any, **options: Any) -> None:
        """Restore, and say what is left to do."""
        if not options["yes"] and input("All that is in the database now is replaced. Type “restore”: ") != "restore":
            raise CommandError("Nothing was changed.")
        try:
            self.say(restore(options["file"]))
        except (CannotCopy, TombstonesBroken) as error:
            raise CommandError(str(error)) from error

    def say(self, restored: Restored) -> None:
        """Say what was put back, and each step that is left."""
        made = restored.manifest["made_at"]
        self.stdout.write(self.style.SUCCESS(f"Restored: {len(restored.manifest['files'])} files of {made}."))
        if restored.are_tombstones_older:
            self.stderr.write(self.style.WARNING(OLDER))
        if restored.to_migrate:
            self.stdout.write("Next: manage.py migrate, for the backup is of an older release.")
        if restored.to_replay:
            self.stdout.write(
                f"Next: manage.py reapply_erasures, for {restored.to_replay} deletions and withdrawals are newer than "
                "the backup. The site is closed until then."
            )
        self.stdout.write("Then: manage.py verify_editions and manage.py verify_audit (docs/operator.md, Backups).")

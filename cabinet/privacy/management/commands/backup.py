"""manage.py backup: everything of this site in one file, while it goes on."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cabinet.privacy.backups import back_up, prune
from cabinet.privacy.databases import CannotCopy
from cabinet.privacy.tombstone_file import TombstonesBroken


class Command(BaseCommand):
    """Writes database, uploads and the list of their hashes; the file is its owner's alone and not encrypted."""

    help = "Write a backup into FILE, or a new one into FOLDER, and delete those older than BACKUP_DAYS there."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take where to."""
        parser.add_argument("where", type=Path, metavar="FILE|FOLDER")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write, and say where and how much."""
        try:
            made = back_up(options["where"])
        except (CannotCopy, TombstonesBroken) as error:
            raise CommandError(f"No backup was made. {error}") from error
        except OSError as error:
            raise CommandError(f"No backup was made: {error.strerror} ({error.filename}).") from error
        gone = prune(made.parent)
        size = made.stat().st_size / 1e6
        self.stdout.write(self.style.SUCCESS(f"Backup: {made}, {size:.1f} MB. It holds personal data and is plain."))
        if gone:
            self.stdout.write(f"Deleted backups older than {settings.BACKUP_DAYS} days: {gone}.")

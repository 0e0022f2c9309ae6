"""manage.py tell_of_editions: writes to customers about material editions, to each once."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from cabinet.consents.telling_editions import editions_to_tell, tell, untold


class Command(BaseCommand):
    """Puts the letters into the outbox. Stopped in the middle, the next run goes on; a run too many writes nothing."""

    help = "Write to customers about material editions of the policy and the consent document; safe to run again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take whether only to count."""
        parser.add_argument("--dry-run", action="store_true", help="say how many would be written to")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write to everybody concerned, telling how far it has come."""
        editions = editions_to_tell()
        for edition in editions:
            if options["dry_run"]:
                self.say(edition, untold(edition).count(), "to be written to")
            else:
                self.tell(edition)
        if not editions:
            self.stdout.write("There is no material edition to tell of.")

    def tell(self, edition: Any) -> None:
        """Write about one edition."""
        done = 0
        for count in tell(edition):
            done += count
            self.say(edition, done, "written to so far")
        self.say(edition, done, "written to")

    def say(self, edition: Any, count: int, what: str) -> None:
        """Say one line about an edition."""
        self.stdout.write(f"{edition.slug} ({edition.language}), edition {edition.number}, {what}: {count}")

"""manage.py send_letters: delivers what waits, for who wants a process of its own for letters."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, InterfaceError, connection

from cabinet.notices.delivery import deliver_due, forget_old
from cabinet.notices.models import Letter, State
from cabinet.notices.postman import LOOK_EVERY


class Command(BaseCommand):
    """Tries each letter that is due once, or goes on with --watch; beside servers that do the same, nothing doubles."""

    help = "Deliver the letters that are due and forget old ones; with --watch, go on until stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take whether to go on."""
        parser.add_argument("--watch", action="store_true", help="look again every half a minute")

    def handle(self, *args: Any, **options: Any) -> None:
        """Deliver, say how many; again and again when watching."""
        self.say(deliver_due(), forget_old())
        while options["watch"]:
            time.sleep(LOOK_EVERY)
            self.one_round()

    def one_round(self) -> None:
        """Look once more; a database that is away is waited for."""
        try:
            done, forgotten = deliver_due(), forget_old()
            if done or forgotten:
                self.say(done, forgotten)
        except (DatabaseError, InterfaceError) as error:
            self.stderr.write(f"The database is away ({type(error).__name__}); looking again in {LOOK_EVERY:.0f} s.")
            connection.close()

    def say(self, done: Counter[str], forgotten: int) -> None:
        """Say what became of the letters, and what still waits."""
        waiting = Letter.objects.filter(state=State.WAITING).count()
        words = f"Sent: {done[State.SENT]}, waiting: {waiting}, given up: {done[State.DEAD]}"
        self.stdout.write(
            self.style.SUCCESS(f"{words}, no longer wanted: {done[State.CANCELLED]}, forgotten: {forgotten}")
        )

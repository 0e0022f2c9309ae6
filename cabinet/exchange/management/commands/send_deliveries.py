"""manage.py send_deliveries: delivers events that wait, for who wants a process of its own for them."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, InterfaceError, connection

from cabinet.exchange.courier import LOOK_EVERY
from cabinet.exchange.delivery import deliver_due
from cabinet.exchange.forgetting import forget_old
from cabinet.exchange.models import Delivery, State


class Command(BaseCommand):
    """Tries each delivery that is due once, or goes on with --watch; nothing doubles what servers do beside it."""

    help = "Deliver the events that are due and forget old ones; with --watch, go on until stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take whether to go on."""
        parser.add_argument("--watch", action="store_true", help="look again every half a minute")

    def handle(self, *args: Any, **options: Any) -> None:
        """Deliver, say how many; again and again when watching."""
        self.one_round()
        while options["watch"]:
            time.sleep(LOOK_EVERY)
            try:
                self.one_round()
            except (DatabaseError, InterfaceError) as error:
                away = f"The database is away ({type(error).__name__}); looking again in {LOOK_EVERY:.0f} s."
                self.stderr.write(away)
                connection.close()

    def one_round(self) -> None:
        """Deliver and forget; say what became of the events."""
        done, forgotten = deliver_due(), sum(forget_old())
        waiting = Delivery.objects.filter(state=State.WAITING).count()
        words = f"Delivered: {done[State.DELIVERED]}, waiting: {waiting}, given up: {done[State.DEAD]}"
        self.stdout.write(self.style.SUCCESS(f"{words}, forgotten: {forgotten}"))

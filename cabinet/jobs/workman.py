"""The workman: a thread beside the requests of a server process, which does the jobs in the queue."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import connections, transaction
from django.utils.module_loading import import_string

from cabinet.beside import Beside


class Workman(Beside):
    """Does jobs when poked, and looks by itself every half a minute."""

    name = "workman"
    hand: Any = None

    def start(self) -> None:
        """Begin, unless WORKER_THREAD says no, or the jobs are in the hands of another engine."""
        engine = import_string(settings.TASKS["default"]["BACKEND"])
        if settings.WORKER_THREAD and getattr(engine, "is_in_our_transaction", False):
            super().start()

    def look(self) -> None:
        """Do what is due."""
        from cabinet.jobs.running import Hand, run_due

        self.hand = Hand()
        run_due(self.hand)
        self.hand = None

    def stop(self) -> None:
        """Finish what is in hand; what takes longer goes back to the queue, for another process."""
        hand = self.hand
        if hand is not None:
            hand.running = False
        super().stop()
        if hand is not None and self.hand is hand:
            hand.let_go()
            connections.close_all()

    def patience(self) -> float:
        """Return seconds that fit into the half minute after which systemd ends a process."""
        return 10.0


workman = Workman()


def poke_after_commit(**kwargs: Any) -> None:
    """Have this process's workman look once the job is there for others to see."""
    transaction.on_commit(workman.poke)

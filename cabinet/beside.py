"""Threads beside the requests of a server process: each looks by itself now and then, and at once when poked."""

from __future__ import annotations

import atexit
import logging
import threading
import time
from collections.abc import Callable

from django.db import connections

log = logging.getLogger("kelisim.beside")

# While one of these says yes, no thread works: a higher room knows why.
reasons_to_rest: list[Callable[[], bool]] = []

LOOK_EVERY = 30.0  # seconds; what another process left, or what is to be repeated, waits so long at the most
UPKEEP_EVERY = 3600.0  # seconds


class Beside:
    """Does its work when poked, and looks by itself every half a minute; its upkeep each hour."""

    name = ""
    upkeep_at = 0.0  # on the monotonic clock

    def __init__(self) -> None:
        """Stand ready; nothing runs yet."""
        self.poked, self.leaving = threading.Event(), threading.Event()
        self.thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin; a second call changes nothing."""
        if self.thread is None:
            self.thread = threading.Thread(target=self.rounds, name=self.name, daemon=True)
            self.thread.start()
            atexit.register(self.stop)

    def poke(self) -> None:
        """Have it look now. Where none was started, the work waits for a process that has one."""
        self.poked.set()

    def stop(self) -> None:
        """Let what is in hand be finished, but wait no longer than its patience."""
        self.leaving.set()
        self.poked.set()
        if self.thread is not None:
            self.thread.join(timeout=self.patience())
            self.thread = None

    def rounds(self) -> None:
        """Go on until the process ends."""
        while not self.leaving.is_set():
            self.poked.wait(LOOK_EVERY)
            self.poked.clear()
            if not self.leaving.is_set():
                self.one_round()

    def one_round(self) -> None:
        """Look once; whatever fails is told to the log and tried in the next round."""
        try:
            if not any(reason() for reason in reasons_to_rest):
                self.look()
                self.do_upkeep()
        except Exception:
            log.exception("beside.round_failed", extra={"data": {"who": self.name}})
        finally:
            connections.close_all()  # there may be nothing to do for days

    def look(self) -> None:
        """Do what is due."""
        raise NotImplementedError

    def do_upkeep(self) -> None:
        """Do the upkeep when its hour has come."""
        if time.monotonic() >= self.upkeep_at:
            self.upkeep()
            self.upkeep_at = time.monotonic() + UPKEEP_EVERY

    def upkeep(self) -> None:
        """Do what is due each hour: nothing, unless a kind of thread says more."""

    def patience(self) -> float:
        """Return for how many seconds a process that ends waits for the work in hand."""
        raise NotImplementedError

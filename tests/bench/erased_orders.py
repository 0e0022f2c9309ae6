"""What erasing one customer with many orders costs: run in a process of its own, on the database DATABASE_URL names.

`python erased_orders.py ROWS` prints JSON by way: `ours`, as the job does it, and `plain`, SQL of the same effect; each
with seconds of processor time and of the clock, without the re-scan and with it, and its longest transaction.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


class Watch:
    """Times the outermost transactions, in which rows are locked, and what is done in them."""

    def __init__(self) -> None:
        self.longest, self.count, self.begun, self.depth = 0.0, 0, 0.0, 0

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Have Django tell when a transaction begins and ends."""
        from django.db.transaction import Atomic

        enter, leave = Atomic.__enter__, Atomic.__exit__

        def entered(atomic: Any) -> Any:
            found = enter(atomic)
            self.depth += 1
            if self.depth == 1:
                self.begun = time.perf_counter()
            return found

        def left(atomic: Any, *error: Any) -> Any:
            found = leave(atomic, *error)
            self.depth -= 1
            if self.depth == 0:
                self.count += 1
                self.longest = max(self.longest, time.perf_counter() - self.begun)
            return found

        Atomic.__enter__, Atomic.__exit__ = entered, left  # type: ignore[method-assign]
        try:
            yield
        finally:
            Atomic.__enter__, Atomic.__exit__ = enter, leave  # type: ignore[method-assign]


def ours(customer: Any) -> dict[str, float]:
    """Erase as the job does; the re-scan is timed apart."""
    from cabinet.privacy import erasing
    from cabinet.privacy.asking import ask

    scans: list[tuple[float, float]] = []
    scan = erasing._scan

    def timed(erasure: Any) -> None:
        begun = times()
        scan(erasure)
        scans.append(since(begun))

    erasing._scan = timed
    erasure = ask(customer=customer, at_once=True)
    watch = Watch()
    begun = times()
    with watch.watching():
        state = erasing.run(erasure.pk)
    whole = since(begun)
    erasing._scan = scan
    erasure.refresh_from_db()
    if state != "done":
        raise RuntimeError(f"The erasure is {state}: {erasure.scan}")
    told = figures(whole, scans[0])
    return {**told, "longest": watch.longest, "transactions": watch.count}


def plain(customer: Any) -> dict[str, float]:
    """Do the same by hand."""
    from tests.bench import plain_erasure

    values = plain_erasure.values_of(customer)
    watch = Watch()
    begun = times()
    with watch.watching():
        plain_erasure.erase(customer)
    done = times()
    plain_erasure.scan(values)
    return {**figures(since(begun), since(done)), "longest": watch.longest, "transactions": watch.count}


def times() -> tuple[float, float]:
    """Return seconds of processor time and of the clock."""
    return time.process_time() + of_server(), time.perf_counter()


def of_server() -> float:
    """Return the processor time of PostgreSQL's process that serves us; nought where it is not on this machine."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return 0.0
    connection.ensure_connection()
    told = Path(f"/proc/{connection.connection.info.backend_pid}/stat")
    if not told.exists():
        return 0.0
    fields = told.read_text().rpartition(")")[2].split()  # from the third on: utime and stime are the 14th and 15th
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def since(begun: tuple[float, float]) -> tuple[float, float]:
    """Return how much of both has passed."""
    now = times()
    return now[0] - begun[0], now[1] - begun[1]


def figures(whole: tuple[float, float], scan: tuple[float, float]) -> dict[str, float]:
    """Return both kinds of seconds, with the re-scan and without."""
    return {"cpu": whole[0] - scan[0], "clock": whole[1] - scan[1], "cpu+": whole[0], "clock+": whole[1]}


def main(count: int) -> None:
    """Measure both ways on two customers who are alike, and print."""
    import django

    django.setup()
    from tests.bench.many_orders import counted, customer_with

    alike = {way: customer_with(count) for way in (ours, plain)}
    counted()
    for way in alike:  # what is loaded once is not a row's
        way(customer_with(10))
    print(json.dumps({way.__name__: way(customer) for way, customer in alike.items()}))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    sys.path[:0] = [str(Path(__file__).parents[2] / "site"), str(Path(__file__).parents[2])]
    main(int(sys.argv[1]))

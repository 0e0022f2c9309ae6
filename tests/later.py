"""Do what the site’s worker would do on a later day: `python -m tests.later DAYS [--delivered NUMBER]`."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime, timedelta

import django
import time_machine

django.setup()

from cabinet.exchange.intake import take  # noqa: E402  (Django first)
from cabinet.jobs.running import run_due  # noqa: E402
from cabinet.notices import upkeep  # noqa: E402


def work(days: int, delivered: str) -> None:
    """Have the shop engine tell of a delivery, if any; then do, twice, all that is due after so many days."""
    now = datetime.now(UTC)
    if delivered:
        body = f"{'0' * 56}{int(delivered):08d}"
        take("shop", f"delivered-{delivered}", "order.delivered", now, {"number": delivered}, body)
    for later in (timedelta(days=days), timedelta(days=days, hours=2)):
        with time_machine.travel(now + later, tick=True):
            for deed in upkeep.deeds:
                deed()
            run_due()


if __name__ == "__main__":
    asked = argparse.ArgumentParser()
    asked.add_argument("days", type=int)
    asked.add_argument("--delivered", default="")
    work(**vars(asked.parse_args()))

"""What is done each hour beside the requests: each room registers its own small deeds."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

log = logging.getLogger("kelisim.upkeep")

Deed = Callable[[], object]  # safe to run twice, and in two processes at once
Kind = TypeVar("Kind", bound=Deed)

deeds: list[Deed] = []


def hourly(deed: Kind) -> Kind:
    """Have this done each hour by whichever server process comes to it."""
    if deed not in deeds:
        deeds.append(deed)
    return deed


def upkeep() -> None:
    """Do all of it; what fails is told to the log and does not keep the others from being done."""
    for deed in list(deeds):
        try:
            deed()
        except Exception:
            log.exception("upkeep.failed", extra={"data": {"deed": f"{deed.__module__}.{deed.__qualname__}"}})

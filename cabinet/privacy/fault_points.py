"""Where a test kills an erasure (trust.md, f01). Nothing here does anything on a site in use."""

from __future__ import annotations

import os
import signal

from django.conf import settings

VARIABLE = "KELISIM_KILL_AT"  # “part:3” is the third time that this point is reached

reached: dict[str, int] = {}


def fault_point(name: str) -> None:
    """Die here as `kill -9` would have it, where a test has named this point in the environment."""
    wanted = os.environ.get(VARIABLE) if settings.DEBUG or settings.TESTING else None
    if wanted is None:
        return
    reached[name] = reached.get(name, 0) + 1
    if wanted == f"{name}:{reached[name]}":
        os.kill(os.getpid(), signal.SIGKILL)

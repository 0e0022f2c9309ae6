"""Is a topic still wanted? Higher rooms know; they register who is to be asked."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

log = logging.getLogger("kelisim.letters")

Check = Callable[[Any, str], bool]  # (primary key of the account, topic) -> still wanted

checks: list[Check] = []


def decides(check: Check) -> Check:
    """Have this function asked before each marketing letter leaves; every one that is registered must say yes."""
    if check not in checks:
        checks.append(check)
    return check


def is_wanted(account_pk: Any, topic: str) -> bool:
    """Say whether a person still wants letters on a topic; no when nobody can tell (trust.md, s23)."""
    if account_pk is None or not checks:
        return False
    try:
        return all(check(account_pk, topic) is True for check in checks)
    except Exception:
        log.exception("letters.wanted_unknown")
        return False

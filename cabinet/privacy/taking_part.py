"""What other rooms have done when somebody is erased: they register it here."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from cabinet.customers.models import Customer
from cabinet.privacy.erasures import Erasure

Also = Callable[[Erasure, Customer], object]  # while the customer's row is still there; safe to run twice
Mark = Callable[[UUID], object]  # told the mark of the person

firsts: list[Callable[[int], object]] = []
begins: list[Also] = []
marks: list[Mark] = []
ends: list[Mark] = []


def before(deed: Callable[[int], object]) -> Callable[[int], object]:
    """Have this told the erasure's key before anything is done about it: it may call it off."""
    if deed not in firsts:
        firsts.append(deed)
    return deed


def also(deed: Also) -> Also:
    """Have this done, too, when an erasure begins and each time it goes on."""
    if deed not in begins:
        begins.append(deed)
    return deed


def when_begun(deed: Mark) -> Mark:
    """Have this done in the transaction in which an account is closed for good, once."""
    if deed not in marks:
        marks.append(deed)
    return deed


def when_over(deed: Mark) -> Mark:
    """Have this done in the transaction in which an erasure is done: nothing is done without it."""
    if deed not in ends:
        ends.append(deed)
    return deed

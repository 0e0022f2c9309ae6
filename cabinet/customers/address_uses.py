"""Where an address goes on being used after it was removed: rooms above say so."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from cabinet.customers.models import Address

Uses = Callable[[Address], list[str]]
Kind = TypeVar("Kind", bound=Uses)

uses: list[Uses] = []


def tells_use(told: Kind) -> Kind:
    """Have this function asked where an address stays; it returns whole sentences, none where it does not."""
    if told not in uses:
        uses.append(told)
    return told


def where_it_stays(address: Address) -> list[str]:
    """Return a sentence for each thing that goes on using the address."""
    return [sentence for told in uses for sentence in told(address)]

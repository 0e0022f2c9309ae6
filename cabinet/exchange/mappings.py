"""Shop engines that speak their own way: one file each, which registers how to check and to translate theirs."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol, TypeVar

from django.http import HttpRequest

NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")


class Translated(NamedTuple):
    """One event in our words; a mapping may return plain tuples of the four."""

    event_id: str
    type: str
    occurred_at: datetime
    data: dict[str, Any]


class Speaks(Protocol):
    """What a mapping can do. `/api/v1/hooks/<name>/` takes what its shop engine sends."""

    def verify(self, request: HttpRequest, secrets: Sequence[str]) -> bool:
        """Say whether one of the secrets signed `request.body`; compare in constant time."""

    def translate(self, headers: Mapping[str, str], body: bytes) -> list[tuple[str, str, datetime, dict[str, Any]]]:
        """Return the events; none for what does not matter here. Raise handlers.Refused for what is no such body."""


Kind = TypeVar("Kind", bound=type)

mappings: dict[str, Speaks] = {}


def maps(name: str) -> Callable[[Kind], Kind]:
    """Have this class speak for the shop engine `name`, which is the source of its keys and events, too.

    Raise ValueError for a name that is taken.
    """
    if not NAME.fullmatch(name):
        raise ValueError(f"A mapping is called by small letters, digits, - and _; not {name!r}.")

    def register(kind: Kind) -> Kind:
        if name in mappings:
            raise ValueError(f"{name} is spoken by {type(mappings[name]).__module__} already.")
        mappings[name] = kind()
        return kind

    return register

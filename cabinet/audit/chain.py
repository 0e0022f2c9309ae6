"""How an event is put into words and hashed, so that anybody can do it again without us (docs/operator.md)."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, NamedTuple

GENESIS = "0" * 64  # what the first event has in place of a hash before it


class AuditError(Exception):
    """An event cannot be written as it was asked for; whatever was to be done with it must not be done."""


class Facts(NamedTuple):
    """What the hash of an event covers."""

    sequence: int
    at: datetime
    name: str
    actor: str
    subject: str
    commitment: str
    previous: str

    def hash(self) -> str:
        """Return the SHA-256 of the facts as one JSON list, the time in UTC to the microsecond."""
        at = self.at.astimezone(UTC).isoformat(timespec="microseconds")
        return digest(compact([self.sequence, at, *self[2:]]))


def digest(text: str) -> str:
    """Return the SHA-256 of the text in UTF-8, as hexadecimal digits."""
    return sha256(text.encode()).hexdigest()


def commitment_of(salt: str, text: str) -> str:
    """Return the SHA-256 of the salt's bytes and the payload's text: it tells nothing once both are gone."""
    return sha256(bytes.fromhex(salt) + text.encode()).hexdigest()


def compact(value: Any) -> str:
    """Return JSON without spaces, keys in order, letters as they are."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))


def canonical(payload: dict[str, Any]) -> str:
    """Return the one text of a payload; raise AuditError, which repeats no value, when it is not JSON."""
    if stranger := not_json(payload):
        raise AuditError(f"The payload is not JSON: {stranger}.")
    return compact(payload)


def not_json(value: Any, place: str = "it") -> str:
    """Return where and of what type the first thing is that JSON cannot hold; an empty text when there is none."""
    if isinstance(value, dict):
        return next(filter(None, (in_pair(key, each, place) for key, each in value.items())), "")
    if isinstance(value, list | tuple):
        return next(filter(None, (not_json(each, f"{place}[{number}]") for number, each in enumerate(value))), "")
    is_plain = isinstance(value, bool | int) or value is None
    if is_plain or (isinstance(value, float) and is_finite(value)) or (isinstance(value, str) and is_text(value)):
        return ""
    return f"{place} holds a {type(value).__name__} that JSON has no word for"


def in_pair(key: Any, value: Any, place: str) -> str:
    """Return what is wrong with a key or with its value."""
    if not isinstance(key, str) or not is_text(key):
        return f"a key of {place} is no text, but a {type(key).__name__}"
    return not_json(value, key if place == "it" else f"{place}.{key}")


def is_finite(number: float) -> bool:
    """Say whether the number is one that JSON knows: neither infinite nor NaN."""
    return number - number == 0


def is_text(value: str) -> bool:
    """Say whether the text has a form in UTF-8, which lone surrogates have not."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True

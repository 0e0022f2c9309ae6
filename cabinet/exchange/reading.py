"""Reading what a stranger sent: no more than agreed, no deeper than agreed, nothing said twice (trust.md, f12)."""

from __future__ import annotations

import json
import math
import re
from typing import Any

from django.http import HttpRequest, UnreadablePostError

from cabinet.exchange.handlers import moment
from cabinet.exchange.intake import WrongContent

LARGEST = 256 * 1024  # bytes of a body; an order of a thousand lines has some 100 KB
DEEPEST = 32  # objects and lists within each other
MOST_FIELDS = 1000  # of one object; each that nobody declared would be an error of its own
WHOLE_NUMBERS = range(-(2**63), 2**63)  # what both databases keep
STRINGS = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
FIELDS = {"type", "timestamp", "occurred_at", "data"}
Envelope = tuple[str, Any, dict[str, Any]]


class TooLarge(Exception):
    """The body is larger than agreed, or would be."""


class Unreadable(Exception):
    """The sender went away in the middle."""


def body_of(request: HttpRequest) -> bytes:
    """Return the body, which `request.body` gives from now on, too; raise TooLarge before more of it is in memory."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not (length.isascii() and length.isdecimal()) or int(length) > LARGEST:
        raise TooLarge
    try:
        body = request.read(LARGEST + 1)
    except UnreadablePostError as error:
        raise Unreadable from error
    if len(body) > LARGEST:
        raise TooLarge
    request._body = body  # type: ignore[attr-defined]
    return body


def envelope_of(body: bytes) -> Envelope:
    """Return type, moment and data of an event; raise WrongContent naming the field."""
    told = object_of(body)
    if unknown := sorted(set(told) - FIELDS):
        raise WrongContent(*((name[:100], "No event has such a field.") for name in unknown))
    if ("timestamp" in told) is ("occurred_at" in told):
        raise WrongContent(("timestamp", "Say when it occurred, as timestamp or as occurred_at."))
    field = "timestamp" if "timestamp" in told else "occurred_at"
    type_, data = told.get("type"), told.get("data")
    if not isinstance(type_, str):
        raise WrongContent(("type", "Say the type of the event, such as order.placed."))
    if not isinstance(data, dict):
        raise WrongContent(("data", "Say what happened, as an object."))
    try:
        return type_, moment(told[field]), data
    except ValueError as error:
        raise WrongContent((field, str(error))) from None


def object_of(body: bytes) -> dict[str, Any]:
    """Return the JSON object; raise WrongContent for anything else, before it costs memory or time."""
    if depth_of(body) > DEEPEST:
        raise WrongContent(("", f"Not more than {DEEPEST} objects and lists stand within each other."))
    try:
        told = json.loads(
            body.decode(), object_pairs_hook=once, parse_int=whole, parse_float=finite, parse_constant=finite
        )
    except WrongContent:
        raise
    except (ValueError, RecursionError):
        raise WrongContent(("", "The body is not JSON in UTF-8.")) from None
    if not isinstance(told, dict):
        raise WrongContent(("", "The body is a JSON object."))
    return told


def depth_of(body: bytes) -> int:
    """Return how many objects and lists stand within each other, without building them."""
    if body.count(b"{") + body.count(b"[") <= DEEPEST:
        return 0  # not deeper than that, whatever it is
    depth = deepest = 0
    for bracket in STRINGS.sub(b"", body).translate(None, NOT_BRACKETS):
        depth += 1 if bracket in b"{[" else -1
        deepest = max(deepest, depth)
    return deepest


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object each of whose fields stands in it once; two programs would not agree on which of two counts."""
    if len(pairs) > MOST_FIELDS:
        raise WrongContent(("data", "No object has so many fields."))
    told = dict(pairs)
    if len(told) != len(pairs):
        seen: set[str] = set()
        twice = next(name for name, _value in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        raise WrongContent((twice[:100], "This field stands in its object twice."))
    return told


def whole(text: str) -> int:
    """Return a whole number that a database can keep."""
    if len(text) > 20 or int(text) not in WHOLE_NUMBERS:
        raise WrongContent(("data", "A number is too large."))
    return int(text)


def finite(text: str) -> float:
    """Return a number that is one: no NaN, no Infinity, no 1e999."""
    number = float(text)
    if not math.isfinite(number):
        raise WrongContent(("data", "A number is too large, or none."))
    return number

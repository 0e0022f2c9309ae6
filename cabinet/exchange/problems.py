"""Why an event was not taken, as programs read it (RFC 9457, application/problem+json)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpResponse

from cabinet.exchange.intake import Fault

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True)
class Kind:
    """One kind of problem; `code` ends its type, by which programs tell it."""

    status: int
    code: str
    title: str

    @property
    def type(self) -> str:
        """Return the URI that names the kind."""
        return f"urn:kelisim:problem:{self.code}"


UNREADABLE = Kind(400, "unreadable", "The body did not arrive whole.")
UNSIGNED = Kind(401, "signature", "The signature is missing or wrong, or made more than five minutes ago.")
OUT_OF_SCOPE = Kind(403, "scope", "The key may not send events of this type.")
NO_MAPPING = Kind(404, "mapping", "No such shop engine is known here.")
SAME_ID = Kind(409, "same-id", "The id was used for another body.")
TOO_LARGE = Kind(413, "too-large", "The body is larger than 256 KB.")
WRONG = Kind(422, "content", "The event is not as it must be.")
UNKNOWN = Kind(422, "unknown-type", "Nobody here handles events of this type.")
TOO_MANY = Kind(429, "too-many", "Too many wrong signatures from this address.")
FAILED = Kind(500, "failed", "We failed. Nothing was changed; repeat the event under the same id.")
AWAY = Kind(503, "away", "The site is away for a moment. Repeat the event under the same id.")
KINDS = (UNREADABLE, UNSIGNED, OUT_OF_SCOPE, NO_MAPPING, SAME_ID, TOO_LARGE, WRONG, UNKNOWN, TOO_MANY, FAILED, AWAY)


def problem(kind: Kind, faults: Iterable[Fault] = (), retry_after: int = 0) -> HttpResponse:
    """Return the answer: which kind, and each field with its message."""
    told = {"type": kind.type, "title": kind.title, "status": kind.status}
    errors = [{"field": field, "message": message} for field, message in faults]
    response = answer({**told, "errors": errors} if errors else told, kind.status, MEDIA_TYPE)
    if retry_after:
        response.headers["Retry-After"] = str(retry_after)
    return response


def answer(told: object, status: int = 200, media_type: str = "application/json") -> HttpResponse:
    """Return what a program reads; these words are English in every shop."""
    response = HttpResponse(json.dumps(told), status=status, content_type=media_type)
    response.headers["Content-Language"] = "en"
    response.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"  # nothing is to be shown
    return response

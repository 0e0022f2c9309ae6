"""The mark of a public page: the same for everybody, kept by caches, free of session and cookie."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import TypeVar

from django.http import HttpResponse
from django.utils import timezone

from cms_pages.release import release

LONGEST = 3600  # seconds the page cache keeps a page that nothing announces to change

# Browsers ask each time (a 304 costs nothing) so that nobody reads an edition that is no longer in force;
# a CDN may keep it for half a minute, and show it half a minute more while it asks anew (RFC 9213).
BROWSERS = "public, max-age=0, must-revalidate"
CDNS = "public, max-age=30, stale-while-revalidate=30"
OURS = "Kelisim-Cache-Control"  # RFC 9213: a targeted field for our own page cache, which removes it

Response = TypeVar("Response", bound=HttpResponse)


def public(response: Response, until: datetime | None = None, hosts: tuple[str, ...] = ()) -> Response:
    """Mark the response as the same for everybody; `until` is when an announced change makes it untrue.

    `hosts` are the other sites that its content policy lets waiting embeds and scripts come from.
    """
    seconds = LONGEST if until is None else max(0, min(LONGEST, int((until - timezone.now()).total_seconds())))
    response.is_public, response.hosts = True, hosts  # type: ignore[attr-defined]
    response.headers["Cache-Control"] = BROWSERS
    response.headers["CDN-Cache-Control"] = CDNS if seconds > 60 else "public, max-age=0"
    response.headers[OURS] = f"max-age={seconds}"
    return response


def entity_tag(*shown: object) -> str:
    """Return a strong ETag for all that decides what a page shows; objects count by their repr (RFC 9110, 8.8.3).

    A new release may show the same things differently.
    """
    return f'"{hashlib.sha256(repr((release(), *shown)).encode()).hexdigest()[:24]}"'


def lifetime_of(ours: str) -> int:
    """Return for how long our own cache may keep a page, from the value of its field."""
    return int(ours.removeprefix("max-age="))

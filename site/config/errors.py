"""Error pages in three languages; none of them needs the database."""

from __future__ import annotations

import sys
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

RETRY_AFTER = 30  # seconds; a database restart is over by then


def _page(name: str, status: int) -> HttpResponse:
    return HttpResponse(render_to_string(name), status=status)


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """Say that nothing stands at this address."""
    return _page("404.html", 404)


def forbidden(request: HttpRequest, exception: Any = None, reason: str = "") -> HttpResponse:
    """Say that this is not allowed, or that the form has expired."""
    return _page("403.html", 403)


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """Say that the request could not be understood."""
    return _page("400.html", 400)


def failed(request: HttpRequest) -> HttpResponse:
    """Say that we failed; an absent database is told as such."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return unavailable(request)
    return _page("500.html", 500)


def unavailable(request: HttpRequest) -> HttpResponse:
    """Say that the site is away for a moment, and when to try again."""
    response = _page("503.html", 503)
    response.headers["Retry-After"] = str(RETRY_AFTER)
    return response

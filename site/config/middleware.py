"""What every request passes: language, cache rule, request log, calm errors."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from functools import lru_cache

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils import translation

from config import errors

Handler = Callable[[HttpRequest], HttpResponse]
log = logging.getLogger("kelisim.request")

SIGNED = "/api/v1/"  # where addresses of programs begin


def language_from_path(get_response: Handler) -> Handler:
    """Activate the language the address names, else the site's own; never guess from cookie or header."""

    def middleware(request: HttpRequest) -> HttpResponse:
        language = translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
        translation.activate(language)
        request.LANGUAGE_CODE = language  # type: ignore[attr-defined]
        response = get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response

    return middleware


def cache_rule(get_response: Handler) -> Handler:
    """Keep every answer private and unstored unless its view called it public (trust.md, s03)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        is_public = getattr(response, "is_public", False) and response.status_code < 400
        # A preview in the admin is a public page's own rendering, of a draft.
        if not is_public or request.path_info.startswith("/admin/"):
            response.headers["Cache-Control"] = "private, no-store"
        return response

    return middleware


def log_request(get_response: Handler) -> Handler:
    """Log method, route, status and milliseconds; the route and not the path, which may carry a token."""

    def middleware(request: HttpRequest) -> HttpResponse:
        begun = time.perf_counter()
        response = get_response(request)
        match = request.resolver_match
        data = {
            "method": request.method,
            "route": match.route if match else None,
            "status": response.status_code,
            "ms": round((time.perf_counter() - begun) * 1000, 1),
        }
        log.log(logging.ERROR if response.status_code >= 500 else logging.INFO, "http.request", extra={"data": data})
        return response

    return middleware


def straight_to_machines(get_response: Handler) -> Handler:
    """Bring what programs sign straight to its view, which knows no session, form or account and tells of all errors
    itself: what stands behind here took an eighth of an event's time (speed.md, p6).
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        match = resolved(request.path_info) if request.path_info.startswith(SIGNED) else None
        if match is None:
            return get_response(request)
        request.resolver_match = match
        response: HttpResponse = match.func(request, *match.args, **match.kwargs)
        response.headers.setdefault("Content-Length", str(len(response.content)))
        return response

    return middleware


@lru_cache(maxsize=64)
def resolved(path: str) -> ResolverMatch | None:
    """Return whose address it is; None: nobody's."""
    try:
        return resolve(path)
    except Resolver404:
        return None


class CalmErrors:
    """Answer with our own pages where Django would show a technical one or a plain failure."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; what no address matches gets our page with DEBUG on, too."""
        response = self.get_response(request)
        unmatched = response.status_code == 404 and request.resolver_match is None
        return errors.not_found(request) if unmatched and settings.DEBUG else response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Turn a missing page into a 404 and an absent database into a 503 that says when to come back."""
        if isinstance(exception, Http404):
            return errors.not_found(request, exception)
        if isinstance(exception, OperationalError | InterfaceError):
            log.error("database.unavailable", exc_info=exception)
            return errors.unavailable(request)
        return None

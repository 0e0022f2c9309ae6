"""A glance at a public page: what it would show, asked of its view alone, without the way of a request around it."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.db import DatabaseError, InterfaceError
from django.urls import resolve
from django.utils import translation

from cms_pages.answer import Environ
from cms_pages.public import OURS, lifetime_of

_view_of = lru_cache(maxsize=1024)(resolve)  # of pages that are public already
DATABASE_ERRORS = (DatabaseError, InterfaceError)


class Glance(NamedTuple):
    """The entity tag of what the page would show, and for how many seconds that stands."""

    tag: str
    lifetime: int


def glance(environ: Environ) -> Glance | None:
    """Return what the page at this address would show; None where only its rendering can tell.

    Whoever says “If-None-Match: *” has something and asks only whether it is there still (RFC 9110, 13.1.2): the view
    answers 304 with its tag, after the queries that decide it.
    """
    request = WSGIRequest({**environ, "HTTP_IF_NONE_MATCH": "*"})
    language = translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
    with translation.override(language):
        try:
            match = _view_of(request.path_info)
            response = match.func(request, *match.args, **match.kwargs)
        except DATABASE_ERRORS:
            raise
        except Exception:  # a page that is gone, a fault of ours: a whole request tells it as it should be told
            return None
    if response.status_code != 304 or OURS not in response.headers:
        return None
    return Glance(response.headers["ETag"], lifetime_of(response.headers[OURS]))

"""Where a shop engine's events arrive: signed, within five minutes, each once. No session, no cookie, no form token."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from allauth.core import ratelimit
from django.db import InterfaceError, OperationalError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from ninja import NinjaAPI
from ninja.openapi.docs import DocsBase

from cabinet.exchange import problems, reading
from cabinet.exchange.handlers import Refused
from cabinet.exchange.intake import Rejected, SameIdOtherBody, Taken, UnknownType, WrongContent, take
from cabinet.exchange.keys import LiveKey, live_keys, was_used
from cabinet.exchange.mappings import Translated, mappings
from cabinet.exchange.openapi import DESCRIPTION, TITLE, VERSION, whole_description
from cabinet.exchange.problems import answer, problem
from cabinet.exchange.signing import ID, is_signed, is_timely

log = logging.getLogger("kelisim.exchange")

PAUSE = 60  # seconds after which the throttle lets wrong signatures be answered again
RETRY_AFTER = 30  # seconds; a database restart is over by then


class Docs(DocsBase):
    """The page for programmers: Swagger UI from our own files, without inline scripts."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        """Return the page; nothing can be sent from it, for what is sent must be signed."""
        url = self.get_openapi_url(api, kwargs)
        shown = {"url": url, "layout": "BaseLayout", "deepLinking": True, "supportedSubmitMethods": []}
        return render(request, "exchange/docs.html", {"api": api, "openapi_url": url, "shown": shown})


class Exchange(NinjaAPI):
    """django-ninja, whose description is made once of what the rooms have registered."""

    def get_openapi_schema(self, **_kwargs: Any) -> Any:
        """Return the description of this interface (OpenAPI 3.1)."""
        return whole_description()


api = Exchange(title=TITLE, version=VERSION, description=DESCRIPTION, docs=Docs(), urls_namespace="exchange")


@api.post("v1/events/", url_name="events")
def events(request: HttpRequest) -> HttpResponse:
    body = reading.body_of(request)
    keys = [key for key in live_keys() if key.key and is_signed(key.key, request.headers, body)]
    if not keys or not is_timely(request.headers, timezone.now()):
        return unsigned(request)
    type_, occurred_at, data = reading.envelope_of(body)
    if not (key := first_in_scope(keys, [type_])):
        return problem(problems.OUT_OF_SCOPE, [("type", problems.OUT_OF_SCOPE.title)])
    event_id = request.headers[ID]
    taken = take(key.source, event_id, type_, occurred_at, data, sha256(body).hexdigest())
    was_used(key)
    return answer(told(taken))


@api.post("v1/hooks/{name}/", url_name="hooks")
def hooks(request: HttpRequest, name: str) -> HttpResponse:
    if name not in mappings:
        return problem(problems.NO_MAPPING)
    body, mapping = reading.body_of(request), mappings[name]
    keys = [key for key in live_keys() if key.source == name and mapping.verify(request, [key.secret])]
    if not keys:
        return unsigned(request)
    found = [Translated(*event) for event in mapping.translate(request.headers, body)]
    if not (key := first_in_scope(keys, [event.type for event in found])):
        return problem(problems.OUT_OF_SCOPE, [("type", problems.OUT_OF_SCOPE.title)])
    digest = sha256(body).hexdigest()
    with transaction.atomic():  # all that one body tells, or nothing of it
        taken = [take(name, *event, digest) for event in found]
    was_used(key)
    return answer({"events": [told(one) for one in taken]})


def first_in_scope(keys: Iterable[LiveKey], types: Iterable[str]) -> LiveKey | None:
    """Return the key that may send all of these, where there is one."""
    return next((key for key in keys if all(key.may_send(type_) for type_ in types)), None)


def told(taken: Taken) -> dict[str, str]:
    """Return what the sender hears, the first time and each time it repeats the event."""
    return {"id": taken.event_id, "outcome": taken.outcome, "reason": taken.reason}


def unsigned(request: HttpRequest) -> HttpResponse:
    """Answer a wrong signature; too many from one address are asked to wait. Right ones are never throttled."""
    log.warning("exchange.signature_wrong")
    try:
        is_patient = ratelimit.consume(request, action="wrong_signature")
    except Exception:  # the cache is away: whoever cannot sign gets in as little as before
        log.exception("exchange.throttle_away")
        is_patient = True
    return problem(problems.UNSIGNED) if is_patient else problem(problems.TOO_MANY, retry_after=PAUSE)


# What went wrong -----------------------------------------------------------------------------------------------------

KIND_OF = {UnknownType: problems.UNKNOWN, SameIdOtherBody: problems.SAME_ID, WrongContent: problems.WRONG}


@api.exception_handler(Rejected)
def rejected(request: HttpRequest, error: Rejected) -> HttpResponse:
    return problem(KIND_OF[type(error)], error.faults)


@api.exception_handler(Refused)
def untranslated(request: HttpRequest, error: Refused) -> HttpResponse:
    return problem(problems.WRONG, [(error.field, error.message)])


@api.exception_handler(reading.TooLarge)
def too_large(request: HttpRequest, error: reading.TooLarge) -> HttpResponse:
    return problem(problems.TOO_LARGE)


@api.exception_handler(reading.Unreadable)
def unreadable(request: HttpRequest, error: reading.Unreadable) -> HttpResponse:
    return problem(problems.UNREADABLE)


@api.exception_handler(Exception)
def failed(request: HttpRequest, error: Exception) -> HttpResponse:
    if isinstance(error, OperationalError | InterfaceError):
        log.error("database.unavailable", exc_info=error)
        return problem(problems.AWAY, retry_after=RETRY_AFTER)
    log.error("exchange.failed", exc_info=error)
    return problem(problems.FAILED)

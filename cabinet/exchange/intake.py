"""Taking an event in: once, whole or not at all, whoever brings it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from pydantic import BaseModel, ValidationError
from pydantic_core import PydanticSerializationError, to_json

from cabinet.exchange.handlers import Handler, Outcome, Received, Refused, handlers
from cabinet.exchange.models import ReceivedEvent

# As many as a programmer reads; a body of 256 KB can be wrong in ten thousand places.
MOST_ERRORS = 20
EVENT_ID = re.compile(r"[A-Za-z0-9_.:~/+=-]{1,128}")  # no @ and no space: an id is kept, a person's address must not be
NO_TEXT = "Text has no NUL and no half of a character (lone surrogate)."

INSERT = """
    INSERT INTO exchange_receivedevent (source, event_id, type, body_sha256, occurred_at, received_at, outcome, reason)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
"""

Fault = tuple[str, str]  # (field, message); neither repeats what was sent


class Rejected(Exception):
    """The event was not taken, and nothing was changed."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("; ".join(f"{field}: {message}" for field, message in faults))
        self.faults = faults[:MOST_ERRORS]


class UnknownType(Rejected):
    """Nobody here handles such events."""


class WrongContent(Rejected):
    """A field is missing, unknown, or not as it must be."""


class SameIdOtherBody(Rejected):
    """The id was used for another event before."""


@dataclass(frozen=True)
class Taken:
    """What became of an event, now or when it came first."""

    event_id: str
    outcome: str
    reason: str = ""
    is_repeat: bool = False


def take(source: str, event_id: str, type: str, occurred_at: datetime, data: dict[str, Any], body_sha256: str) -> Taken:
    """Handle the event and remember its id in one transaction; a repeat gets the first answer and changes nothing.

    Raise UnknownType, WrongContent or SameIdOtherBody, after which nothing is changed. Whatever else the handler
    raises, takes back the event, too, so that the sender may repeat it.
    """
    handler = handlers.get(type)
    if handler is None:
        raise UnknownType(("type", "No room of this shop handles such events."))
    if not EVENT_ID.fullmatch(event_id):
        raise WrongContent(("webhook-id", "An id has 1 to 128 letters, digits or signs of _.:~/+=-"))
    content = read(handler.schema, data)
    event = Received(event_id, type, occurred_at, source)
    try:
        return first_or_again(handler, content, event, body_sha256)
    except Refused as refused:
        raise WrongContent((f"data.{refused.field}" if refused.field else "data", refused.message)) from None


def first_or_again(handler: Handler, content: BaseModel, event: Received, body_sha256: str) -> Taken:
    """Return what became of the event, which may have come before."""
    try:
        return once(handler, content, event, body_sha256)
    except AlreadyThere:
        return repeated(handler, content, event, body_sha256)


class AlreadyThere(Exception):
    """Another worker, or an earlier day, has taken this id."""


@transaction.atomic
def once(handler: Handler, content: BaseModel, event: Received, body_sha256: str) -> Taken:
    """Run the handler behind the unique row of its event; raise AlreadyThere when there is one."""
    try:
        remember(event, body_sha256)  # a second worker with the same id waits here for the first one's commit
    except IntegrityError as error:
        raise AlreadyThere from error
    outcome = handler.run(content, event) or Outcome.APPLIED
    if outcome != Outcome.APPLIED:
        row = ReceivedEvent.objects.filter(source=event.source, event_id=event.id)
        row.update(outcome=outcome.state, reason=outcome.reason)
    return Taken(event.id, outcome.state, outcome.reason)


def remember(event: Received, body_sha256: str) -> None:
    """Insert the event's row; raise IntegrityError when there is one. In SQL, for the ORM took as long as all of it."""
    moment = connection.ops.adapt_datetimefield_value
    times = [moment(event.occurred_at), moment(timezone.now())]
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [event.source, event.id, event.type, body_sha256, *times, Outcome.APPLIED.state, ""])


@transaction.atomic
def repeated(handler: Handler, content: BaseModel, event: Received, body_sha256: str) -> Taken:
    """Return what became of the event when it came first; one that was put aside is tried again, for what it waited
    for may be there now. Raise SameIdOtherBody when the first was another event.
    """
    first = ReceivedEvent.objects.select_for_update().get(source=event.source, event_id=event.id)
    if first.body_sha256 != body_sha256:
        raise SameIdOtherBody(("webhook-id", "This id was used for another body before; each event has its own."))
    if first.outcome == Outcome.QUARANTINED.state:
        outcome = handler.run(content, event) or Outcome.APPLIED
        first.outcome, first.reason = outcome.state, outcome.reason
        first.save(update_fields=["outcome", "reason"])
    return Taken(event.id, first.outcome, first.reason, is_repeat=True)


def read(schema: type[BaseModel], data: dict[str, Any]) -> BaseModel:
    """Return the content as its schema has it; raise WrongContent, naming each field and none of its words.

    Types are taken as JSON has them: "2" is no number, and 1 is not yes.
    """
    try:
        body = to_json(data)
        refuse_nul(data, body)
        return schema.model_validate_json(body, strict=True)
    except ValidationError as error:
        raise WrongContent(*faults_of(error)) from None
    except (PydanticSerializationError, UnicodeEncodeError):
        raise WrongContent(("data", NO_TEXT)) from None


def faults_of(error: ValidationError) -> list[Fault]:
    """Return the fields that are wrong, as they are called in the body."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return [(".".join(("data", *map(str, one["loc"]))), one["msg"]) for one in found[:MOST_ERRORS]]


def refuse_nul(data: Any, body: bytes) -> None:
    """Raise WrongContent for NUL, which SQLite would keep and PostgreSQL refuse (trust.md, f13)."""
    if b"\\u0000" in body and has_nul(data):
        raise WrongContent(("data", NO_TEXT))


def has_nul(value: Any) -> bool:
    """Tell whether a text anywhere in a JSON value holds NUL."""
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, dict):
        return any(has_nul(part) for part in (*value, *value.values()))
    return isinstance(value, list | tuple) and any(has_nul(part) for part in value)

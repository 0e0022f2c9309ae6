"""Who handles which event of a shop engine: the rooms above register it here."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, TypeVar, get_type_hints

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, WithJsonSchema

TYPE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*){1,3}")  # order.placed
REASON = re.compile(r"[a-z][a-z0-9_]{0,39}")  # a code, which tells nothing of a person
# RFC 3339 alone: pydantic would also take “0” for the first second of 1970.
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", re.ASCII)
YEARS = range(1970, 3000)  # no other zone makes these overflow


class Data(BaseModel):
    """What an event carries; a field that nobody declared is refused."""

    model_config = ConfigDict(extra="forbid")


def moment(text: Any) -> datetime:
    """Return the moment that a text of RFC 3339 names, in UTC; raise ValueError for any other.

    PostgreSQL takes no zone of sixteen hours and more, which RFC 3339 allows.
    """
    if not (isinstance(text, str) and MOMENT.fullmatch(text) and int(text[:4]) in YEARS):
        raise ValueError("A moment is written as 2026-11-26T09:30:00+05:00 (RFC 3339).")
    return datetime.fromisoformat(text).astimezone(UTC)


# A moment with its zone, in the schema of an event.
Moment = Annotated[AwareDatetime, BeforeValidator(moment), WithJsonSchema({"type": "string", "format": "date-time"})]


@dataclass(frozen=True)
class Received:
    """What a handler is told beside the payload."""

    id: str  # the sender's id of the event (webhook-id)
    type: str
    occurred_at: datetime
    source: str  # name of the sending shop engine: "shop", "woocommerce"


@dataclass(frozen=True)
class Outcome:
    """What became of an event. A handler returns None, or what its event became when it was not applied."""

    state: str
    reason: str = ""

    APPLIED: ClassVar[Outcome]
    QUARANTINED: ClassVar[Outcome]

    def because(self, reason: str) -> Outcome:
        """Return the outcome with its reason, a code such as person_erased; raise ValueError for any other text."""
        if not REASON.fullmatch(reason):
            raise ValueError("A reason is a code of small letters and _, for it is kept when the person is forgotten.")
        return replace(self, reason=reason)


Outcome.APPLIED = Outcome("applied")
# Taken and put aside, for example for a person who was erased: of its content nothing is kept.
Outcome.QUARANTINED = Outcome("quarantined")


class Refused(Exception):
    """Something is wrong in the content that the schema cannot say: the sender hears the field and the message.

    Neither may repeat what stood in the field; `field` is named below `data`: "lines.0.price".
    """

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field, self.message = field, message


Schema = type[Data]
Run = Callable[[Any, Received], Outcome | None]
Function = TypeVar("Function", bound=Run)
Known = TypeVar("Known", bound=Data)


@dataclass(frozen=True)
class Handler:
    """What is done with one type of event, and what such an event must look like."""

    type: str
    schema: Schema
    run: Run

    @property
    def told(self) -> str:
        """Return the words for whoever writes to us: the schema's, or the handler's."""
        return (self.schema.__doc__ or self.run.__doc__ or "").strip()


handlers: dict[str, Handler] = {}


def handles(type_: str) -> Callable[[Function], Function]:
    """Have this function handle an event: `def placed(data: OrderPlaced, event: Received) -> Outcome | None`.

    The annotation of its first parameter is the schema, a Data. It runs in the event's own transaction: whatever it
    raises takes back everything, and the sender repeats. Raise ValueError for a type that is handled already.
    """
    if not TYPE.fullmatch(type_):
        raise ValueError(f"An event is called by two to four dotted words, such as order.placed; not {type_!r}.")

    def register(run: Function) -> Function:
        if type_ in handlers:
            raise ValueError(f"{type_} is handled by {handlers[type_].run.__module__} already.")
        handlers[type_] = Handler(type_, schema_of(run), run)
        return run

    return register


def schema_of(run: Run) -> type[Data]:
    """Return the schema that a handler's first parameter is annotated with; raise TypeError for what is none."""
    schema = next(iter(get_type_hints(run).values()), None)
    if not (isinstance(schema, type) and issubclass(schema, Data)):
        # django-ninja's own Schema would take no moment and no amount from strict JSON.
        raise TypeError(f"{run.__qualname__}: annotate the first parameter with a class derived from handlers.Data.")
    return strict(schema)


def strict(schema: type[Known]) -> type[Known]:
    """Return the schema; raise TypeError when it, or a part of it, would take fields that nobody declared."""
    whole = schema.model_json_schema()
    open_ = [one["title"] for one in (whole, *whole.get("$defs", {}).values()) if takes_anything(one)]
    if open_:
        raise TypeError(f"{', '.join(open_)} must refuse unknown fields: derive from exchange.handlers.Data.")
    return schema


def takes_anything(schema: dict[str, Any]) -> bool:
    """Tell whether an object with declared fields takes others, too."""
    return "properties" in schema and schema.get("additionalProperties") is not False

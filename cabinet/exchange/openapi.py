"""The interface as programs read it: OpenAPI 3.1, made of what the rooms have registered."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from pydantic.json_schema import models_json_schema

from cabinet.exchange import problems
from cabinet.exchange.handlers import Data, Handler, handlers
from cabinet.exchange.intake import EVENT_ID
from cabinet.exchange.sending import sent
from cabinet.exchange.signing import ID, SIGNATURE, TIMESTAMP

TITLE, VERSION = "Kelisim: events to and from the shop engine", "1"
DESCRIPTION = """\
Events travel as [Standard Webhooks](https://www.standardwebhooks.com/) in both directions: a `POST` of JSON whose
headers carry an id, the time, and a signature of both with the raw body. The same id may be sent again at any time and
in any order; it has one effect. What you send is described under *events*, what you can have sent to you under
*webhooks*. `docs/integrator.md` has scripts to begin with."""
REFS = "#/components/schemas/{model}"
JSON = "application/json"
HEADERS: dict[str, dict[str, Any]] = {
    ID: {
        "type": "string",
        "pattern": f"^{EVENT_ID.pattern}$",
        "description": "One for each event, the same when it is repeated.",
    },
    TIMESTAMP: {
        "type": "string",
        "pattern": "^[0-9]{1,11}$",
        "description": "Seconds since 1970, of this attempt; not more than five minutes off.",
    },
    SIGNATURE: {
        "type": "string",
        "minLength": 1,
        "description": "v1, and base64 of HMAC-SHA256 over id.timestamp.body; several stand apart by a space.",
    },
}
ANSWER = {
    "type": "object",
    "title": "Answer",
    "description": "What became of the event; the same for each repeat.",
    "properties": {
        "id": {"type": "string"},
        "outcome": {"type": "string", "enum": ["applied", "quarantined"]},
        "reason": {"type": "string", "description": "A code where the event was put aside, else empty."},
    },
    "required": ["id", "outcome", "reason"],
    "additionalProperties": False,
}
FAULT = {"type": "object", "properties": {"field": {"type": "string"}, "message": {"type": "string"}}}
PROBLEM = {
    "type": "object",
    "title": "Problem",
    "description": "RFC 9457.",
    "properties": {
        "type": {"type": "string", "enum": sorted({kind.type for kind in problems.KINDS})},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "errors": {"type": "array", "items": {**FAULT, "required": ["field", "message"]}},
    },
    "required": ["type", "title", "status"],
    "additionalProperties": False,
}


def whole_description() -> dict[str, Any]:
    """Return the description; made once for what is registered."""
    return _described(tuple(handlers.values()), tuple(sent.items()))


@lru_cache(maxsize=2)
def _described(taken: tuple[Handler, ...], told: tuple[tuple[str, type[Data]], ...]) -> dict[str, Any]:
    schemas = [handler.schema for handler in taken] + [schema for _type, schema in told]
    refs, parts = models_json_schema([(each, "validation") for each in dict.fromkeys(schemas)], ref_template=REFS)
    place = {schema: ref for (schema, _mode), ref in refs.items()}
    events = {name_of(one.type): envelope(one.type, one.told, place[one.schema], taken=True) for one in taken}
    body = union([one.type for one in taken])
    return {
        "openapi": "3.1.0",
        "info": {"title": TITLE, "version": VERSION, "description": DESCRIPTION},
        "paths": {
            "/api/v1/events/": {"post": operation("send_event", "Send an event", body, "Answer", problems.KINDS)},
        },
        "webhooks": {type_: {"post": webhook(type_, schema, place[schema])} for type_, schema in told},
        "components": {
            "schemas": {**parts.get("$defs", {}), **events, "Answer": ANSWER, "Problem": PROBLEM},
            "securitySchemes": {"signature": {"type": "apiKey", "in": "header", "name": SIGNATURE}},
        },
    }


def name_of(type_: str) -> str:
    """Return what the whole event is called: order.placed is OrderPlacedEvent."""
    return "".join(word.capitalize() for word in type_.replace("_", ".").split(".")) + "Event"


def envelope(type_: str, told: str, data: dict[str, Any], *, taken: bool) -> dict[str, Any]:
    """Return the schema of an event; what we take may call its moment timestamp or occurred_at."""
    moment = {"type": "string", "format": "date-time", "description": "When it occurred, with its zone."}
    properties = {"type": {"type": "string", "const": type_}, "timestamp": moment, "data": data}
    schema = {"type": "object", "description": told, "properties": properties, "additionalProperties": False}
    if not taken:
        return {**schema, "required": ["type", "timestamp", "data"]}
    either = [{"required": ["timestamp"]}, {"required": ["occurred_at"]}]
    return {
        **schema,
        "properties": {**properties, "occurred_at": moment},
        "required": ["type", "data"],
        "oneOf": either,
    }


def union(types: list[str]) -> dict[str, Any]:
    """Return the schema of any event that is handled, told apart by its type."""
    places = {type_: REFS.format(model=name_of(type_)) for type_ in types}
    one_of = [{"$ref": place} for place in places.values()]
    if not one_of:
        return {"type": "object", "description": "No room of this shop handles events yet."}
    return {"oneOf": one_of, "discriminator": {"propertyName": "type", "mapping": places}}


def operation(
    name: str, summary: str, body: dict[str, Any], answers: str, kinds: tuple[problems.Kind, ...]
) -> dict[str, Any]:
    """Return how events are sent to us."""
    statuses: dict[str, list[str]] = {}
    for kind in kinds:
        statuses.setdefault(str(kind.status), []).append(f"{kind.title} (`{kind.code}`)")
    failures = {status: response(" ".join(titles), "Problem") for status, titles in statuses.items()}
    return {
        "operationId": name,
        "summary": summary,
        "tags": ["events"],
        "security": [{"signature": []}],
        "parameters": parameters(),
        "requestBody": {"required": True, "content": {JSON: {"schema": body}}},
        "responses": {"200": response("Taken, now or when it came first.", answers), **failures},
    }


def parameters() -> list[dict[str, Any]]:
    """Return the headers of a Standard Webhook."""
    return [
        {"name": name, "in": "header", "required": True, "description": schema["description"], "schema": schema}
        for name, schema in HEADERS.items()
    ]


def response(description: str, model: str) -> dict[str, Any]:
    """Return one answer."""
    media_type = problems.MEDIA_TYPE if model == "Problem" else JSON
    return {"description": description, "content": {media_type: {"schema": {"$ref": REFS.format(model=model)}}}}


def webhook(type_: str, schema: type[Data], data: dict[str, Any]) -> dict[str, Any]:
    """Return what we send to an address that listens."""
    told = (schema.__doc__ or "").strip()
    return {
        "summary": told.partition("\n")[0],
        "tags": ["webhooks"],
        "parameters": parameters(),
        "requestBody": {"required": True, "content": {JSON: {"schema": envelope(type_, told, data, taken=False)}}},
        "responses": {
            "2XX": {"description": "Taken; it is not sent again."},
            "410": {"description": "Never send here again: the address is paused."},
            "default": {"description": "Sent again, with growing pauses, for three days."},
        },
    }

"""Telling the shop engine what happened here: written down in the caller's transaction, sent after its commit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from pydantic_core import to_json

from cabinet.exchange.courier import poke
from cabinet.exchange.handlers import TYPE, Data, strict
from cabinet.exchange.models import Delivery, Endpoint

Schema = TypeVar("Schema", bound=Data)

sent: dict[str, type[Data]] = {}
owed: set[str] = set()


def sends(type_: str, *, is_owed: bool = False) -> Callable[[type[Schema]], type[Schema]]:
    """Declare a type of event that this site sends, and what it carries; raise ValueError for one that is declared.

    What is owed waits for an address that is paused, and goes on when the person of whom it tells is forgotten: it
    carries nothing but the pseudonym.
    """
    if not TYPE.fullmatch(type_):
        raise ValueError(f"An event is called by two to four dotted words, such as customer.updated; not {type_!r}.")

    def register(schema: type[Schema]) -> type[Schema]:
        if type_ in sent:
            raise ValueError(f"{type_} is declared by {sent[type_].__module__} already.")
        sent[type_] = strict(schema)
        if is_owed:
            owed.add(type_)
        return schema

    return register


def send(type_: str, data: dict[str, Any], subject: UUID | None = None) -> int:
    """Have each address that listens told of this after the commit; return how many those are.

    To be called inside the transaction of what happened: it stands or falls with it. Nobody waits for a network.
    Raise KeyError for a type that was not declared, pydantic's ValidationError for data other than declared.
    """
    content = sent[type_].model_validate_json(to_json(data), strict=True).model_dump(mode="json", exclude_unset=True)
    told = {"type": type_, "timestamp": timezone.now().isoformat(), "data": content}
    listening = [one for one in Endpoint.objects.only("types", "active") if one.hears(type_, is_owed=type_ in owed)]
    for endpoint in listening:
        delivery = Delivery(endpoint=endpoint, type=type_, subject=subject)
        delivery.body = told  # type: ignore[assignment]
        delivery.save(force_insert=True)
    if listening:
        transaction.on_commit(poke)
    return len(listening)

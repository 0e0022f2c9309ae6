"""Which models can be reached from an account: what may hold a customer's data, whoever wrote it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.fields import GenericForeignKey
from django.db import models

Model = type[models.Model]


@dataclass(frozen=True)
class Reached:
    """A model that can be reached, by which field, and the lookup from its rows back to the account."""

    model: Model
    by: str  # "customers.Address.customer"
    lookup: str | None  # "customer__user"; empty for the account itself; None where no lookup leads there


def reached(account: Model, among: Iterable[Model], stop: Iterable[str] = ()) -> list[Reached]:
    """Return the models reachable from `account` among those given, each once; go no further than those to stop at.

    Followed are foreign keys that lead here, one-to-one and many-to-many fields both ways, parents, and generic keys.
    """
    known = [model for model in among if not (model._meta.proxy or model._meta.auto_created or model._meta.swapped)]
    stops = {label.lower() for label in stop}
    found = {account: Reached(account, "", "")}
    todo = [account]
    while todo:
        here = todo.pop()
        for step in _steps(found[here], known):
            if step.model not in found:
                found[step.model] = step
                todo += [] if step.model._meta.label_lower in stops else [step.model]
    return list(found.values())


def own_fields(model: Model) -> list[Any]:
    """Return the fields that the model itself stores, without its parents'."""
    fields: list[Any] = [*model._meta.local_fields, *model._meta.local_many_to_many]
    return fields


def _steps(here: Reached, known: list[Model]) -> Iterator[Reached]:
    for model in known:
        for field in own_fields(model):
            if _leads_to(field, here.model):
                yield Reached(model, _name(field), _joined(field.name, here.lookup))
        for key in model._meta.private_fields:
            if isinstance(key, GenericForeignKey):
                yield Reached(model, _name(key), None)
    for field in own_fields(here.model):
        # A foreign key leads to what many share; a one-to-one or a parent is a part of this row.
        if field.one_to_one or field.many_to_many:
            back = field.related_query_name()
            lookup = None if back.endswith("+") else _joined(back, here.lookup)
            yield Reached(field.related_model._meta.concrete_model, _name(field), lookup)


def _leads_to(field: Any, model: Model) -> bool:
    target: Any = field.related_model if field.is_relation else None
    return target is not None and target._meta.concrete_model is model


def _joined(step: str, lookup: str | None) -> str | None:
    return None if lookup is None else f"{step}__{lookup}".removesuffix("__")


def _name(field: Any) -> str:
    return f"{field.model._meta.label}.{field.name}"

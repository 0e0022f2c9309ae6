"""Whose a row is, asked of the nearest key: where it leads through a part of the account, of that part's own."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.db.models.constants import LOOKUP_SEP
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact
from django.db.models.sql import Query


def of_account(model: type[models.Model], owner: str, account: Any) -> Q:
    """Return the condition that a lookup leads from a row to this account.

    "order__customer__user" is asked as "order__customer", with the key of the account's customer: a join through a
    table of which one row is meant keeps databases from reading in the order of an index, and from stopping early.
    """
    way, name = _nearest(model, owner)
    if name is None:
        return Q(**{way: account.pk})
    part = getattr(account, name, None)  # none: staff are no customers
    return Q(**{way: part.pk}) if part else Q(pk__in=[])


def still_of(model: type[models.Model], owner: str, account: Any) -> Q:
    """Return the same for rows whose keys are given: their owners are looked at, not the account's rows gone through.

    Compared is an expression, of which no index knows: databases think little of what one customer may have, and would
    begin with all of it for each few rows.
    """
    way, name = _nearest(model, owner)
    whose = account.pk if name is None else getattr(getattr(account, name, None), "pk", None)
    return Q(Exact(Coalesce(F(way), F(way)), whose)) if whose else Q(pk__in=[])


def of_nobody(model: type[models.Model], owner: str) -> Q:
    """Return the condition that a lookup leads from a row to no account."""
    return Q(**{f"{_nearest(model, owner)[0]}__isnull": True})


@lru_cache(maxsize=256)
def _nearest(model: type[models.Model], owner: str) -> tuple[str, str | None]:
    """Return the lookup to compare, and the account's name for the part whose key it is; None: the account's own."""
    way, _sep, last = owner.rpartition(LOOKUP_SEP)
    if not way:
        return owner, None
    _path, step, _targets, _rest = Query(model).names_to_path(way.split(LOOKUP_SEP), model._meta)
    field: Any = step.related_model._meta.get_field(last)
    return (way, field.remote_field.get_accessor_name()) if field.one_to_one and field.concrete else (owner, None)

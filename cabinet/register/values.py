"""A field's value as a person reads it, in the active language and the shop's zone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format, localize
from django.utils.translation import gettext as _
from phonenumber_field.phonenumber import PhoneNumber


def is_empty(row: models.Model, name: str) -> bool:
    """Say whether nothing stands in a field; “no” and nought are something."""
    value = getattr(row, name)
    if isinstance(value, models.Manager):
        return not value.all()
    return value is None or (not value and not isinstance(value, bool | int | float))


def readable(row: models.Model, name: str) -> str:
    """Return what stands in a field, in words."""
    field: Any = row._meta.get_field(name)
    if getattr(field, "choices", None):
        return str(getattr(row, f"get_{name}_display")())
    return in_words(getattr(row, name))


def in_words(value: Any) -> str:
    """Return any value in words: dates in the shop's zone, yes and no, numbers as they are written here."""
    match value:
        case Mapping():
            return "; ".join(f"{key}: {in_words(one)}" for key, one in value.items())
        case list() | tuple():
            return ", ".join(in_words(one) for one in value)
        case models.Manager():
            return ", ".join(str(one) for one in value.all())
    return _one_in_words(value)


def _one_in_words(value: Any) -> str:
    match value:
        case bool():
            return str(_("yes") if value else _("no"))
        case datetime():
            return date_format(timezone.localtime(value), "DATETIME_FORMAT")
        case date():
            return date_format(value, "DATE_FORMAT")
        case PhoneNumber():
            return str(value.as_international if value.is_valid() else value)
    return str(localize(value))

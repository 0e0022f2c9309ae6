"""The register in words, in the active language: what the policy's table, the command and the cabinet show."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from cabinet.register.categories import Category, register

Row = dict[str, Any]


def described(categories: Iterable[Category] = register) -> list[Row]:
    """Return every category in words, in the order of declaration."""
    return [_described(category) for category in categories]


def _described(category: Category) -> Row:
    fields = [field for held in category.held for field in _fields(held)]
    return {
        "key": category.key,
        "title": str(category.title),
        "what": _what(str(category.title), fields),
        "why": str(category.why),
        "purposes": [str(purpose.label) for purpose in category.purposes],
        "basis": str(category.basis.label),
        "term": str(category.term.text),
        "source": category.term.source,
        "recipients": [str(name) for name in category.recipients] or [_("nobody")],
        "ends": list(dict.fromkeys(field["end"] for field in fields)),
        "fields": fields,
    }


def _what(title: str, fields: list[Row]) -> str:
    """Return the fields as one list, each name once; nothing where the title says it all."""
    names = list(dict.fromkeys(field["label"] for field in fields))
    return "" if names == [title] else ", ".join(name if name[1:2].isupper() else _uncapped(name) for name in names)


def _uncapped(name: str) -> str:
    return name[:1].lower() + name[1:]


def _fields(held: Any) -> list[dict[str, Any]]:
    return [
        {
            "field": f"{held.model}.{name}",
            "label": held.label(name),
            "end": str(end.label),
            "shown": name not in held.secret,
        }
        for name, end in held.fields.items()
    ]

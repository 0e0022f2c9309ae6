"""The register in words, in the active language: what the policy's table, the command and the cabinet show."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from cabinet.register.categories import Category, End, register

Row = dict[str, Any]


def described(categories: Iterable[Category] = register) -> list[Row]:
    """Return every category in words, in the order of declaration."""
    return [_described(category) for category in categories]


def grouped(rows: Iterable[Row]) -> list[Row]:
    """Return the rows by ground and recipients, each said once; `then` is empty where data is just erased."""
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        then = [] if row["ends"] == [str(End.ERASE.label)] else row["ends"]
        groups.setdefault((row["basis"], *row["recipients"]), []).append({**row, "then": then})
    return [{"basis": basis, "recipients": names, "rows": found} for (basis, *names), found in groups.items()]


def _described(category: Category) -> Row:
    fields = [field for held in category.held for field in _fields(held)]
    named = [held.label(name) for held in category.held for name in held.fields if name not in held.aside]
    return {
        "key": category.key,
        "title": str(category.title),
        "what": _what(str(category.title), named),
        "why": str(category.why),
        "purposes": [str(purpose.label) for purpose in category.purposes],
        "basis": str(category.basis.label),
        "term": str(category.term.text),
        "source": category.term.source,
        "recipients": [str(name) for name in category.recipients] or [_("nobody")],
        "ends": list(dict.fromkeys(field["end"] for field in fields)),
        "fields": fields,
    }


def _what(title: str, labels: list[str]) -> str:
    """Return the fields as one list, each name once; nothing where the title says it all."""
    names = [name if name[1:2].isupper() else _uncapped(name) for name in dict.fromkeys(labels)]
    return "" if all(name in _uncapped(title) for name in names) else ", ".join(names)


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

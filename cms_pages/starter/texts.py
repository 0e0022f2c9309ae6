"""Reads the starter's texts: one TOML file a document and language, with every edition of it."""

from __future__ import annotations

import re
import tomllib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from cms_pages.models.document import DocumentKind
from cms_pages.rendering import ID_LENGTH

FOLDER = Path(__file__).parent / "texts"
LANGUAGES = ("ru", "kk", "en")
DOCUMENTS = {
    "privacy": DocumentKind.POLICY,
    "offer": DocumentKind.OFFER,
    "cookie-policy": DocumentKind.COOKIE_POLICY,
    "consent": DocumentKind.CONSENT,
    "bonus-rules": DocumentKind.BONUS_RULES,
}


def read(language: str, name: str) -> dict[str, Any]:
    """Return one file's content."""
    return tomllib.loads((FOLDER / language / f"{name}.toml").read_text(encoding="utf-8"))


@dataclass
class StarterDocument:
    """A document of the starter in one language."""

    slug: str
    language: str

    @cached_property
    def content(self) -> dict[str, Any]:
        """Return the file as it stands."""
        return read(self.language, self.slug)

    @property
    def numbers(self) -> range:
        """Return the numbers of its editions."""
        return range(1, len(self.content["editions"]) + 1)

    @property
    def in_force(self) -> int:
        """Return the number of the newest edition that has a date and is not one to come."""
        return len([edition for edition in self.content["editions"] if "in_force_from" in edition])

    def fields(self, number: int, today: date) -> dict[str, Any]:
        """Return the page's fields as an editor would have filled them for this edition."""
        edition = self.content["editions"][number - 1]
        return {
            "title": self.content["title"],
            "kind": DOCUMENTS[self.slug],
            "plain_words": self.content["plain_words"].strip() if self._told_in_plain_words(number) else "",
            "body": list(self._sections(number)),
            "change_summary": "\n".join(edition["summary"]),
            "material": edition["material"],
            "in_force_from": edition.get("in_force_from") or today + timedelta(days=edition["coming_in_days"]),
        }

    def _told_in_plain_words(self, number: int) -> bool:
        """The summary in plain words speaks of today's text, so earlier editions go without."""
        return number >= self.in_force

    def _sections(self, number: int) -> Iterator[dict[str, Any]]:
        for section in self.content["sections"]:
            if not _holds(section, number):
                continue
            clauses = [self._clause(c) for c in section["clauses"] if _holds(c, number)]
            if clauses:
                value = {"heading": section["heading"], "link_name": section["key"], "clauses": clauses}
                yield {"type": "section", "id": self._uid(section["key"]), "value": value}

    def _clause(self, clause: dict[str, Any]) -> dict[str, Any]:
        uid = self._uid(clause["key"])
        if "block" in clause:
            return {"type": clause["block"], "id": uid, "value": None}
        text = re.sub(r'href="#([a-z0-9-]+)"', lambda m: f'href="#c-{self._uid(m[1])[:ID_LENGTH]}"', clause["text"])
        return {"type": "clause", "id": uid, "value": {"text": text, "link_name": clause["key"]}}

    def _uid(self, key: str) -> str:
        # The same in every language, so that a clause can be found again in the others.
        return str(uuid.uuid5(uuid.NAMESPACE_URL, f"kelisim:{self.slug}:{key}"))


def _holds(item: dict[str, Any], number: int) -> bool:
    return item.get("from", 1) <= number <= item.get("to", number)

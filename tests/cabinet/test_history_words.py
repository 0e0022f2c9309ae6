"""Whatever the log records about a customer has words for the customer."""

from __future__ import annotations

import re

from cabinet.privacy.words import WORDS
from tests.databases import ROOT

NAMES = re.compile(r"\"((?:customers|consents|privacy|orders|bonuses)\.[a-z_]+\.[a-z_]+)\"")
RECORDS = re.compile(r"record\(.*?\)", re.DOTALL)


def recorded() -> set[str]:
    """Every event name that a room writes out in full."""
    sources = (path.read_text() for path in (ROOT / "cabinet").rglob("*.py") if "migrations" not in path.parts)
    return {name for source in sources for call in RECORDS.findall(source) for name in NAMES.findall(call)}


def test_every_event_has_words_for_the_customer():
    assert "customers.profile.changed" in recorded()
    assert recorded() - set(WORDS) == set()

"""What changed between two editions: aligned by clause, then by word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import Any, Literal

from django.utils.functional import cached_property

from cms_pages.models.edition import Edition

Kind = Literal["same", "changed", "moved", "added", "removed"]
Part = tuple[Literal["same", "ins", "del"], str]

# Words of both sides multiplied: beyond it a clause is compared by sentence, so that 1 MB of text answers at once.
MOST_PAIRS_OF_WORDS = 250_000
WORDS = re.compile(r"\s+|[^\W_]+|[\W_]")
SENTENCES = re.compile(r"(?<=[.!?;])\s+|\n")


@dataclass(frozen=True)
class Change:
    """What became of one heading or clause."""

    kind: Kind
    old: dict[str, Any] | None
    new: dict[str, Any] | None

    @property
    def item(self) -> dict[str, Any]:
        """Return the clause as it reads now, or as it read last."""
        return self.new or self.old or {}

    @property
    def anchor(self) -> str:
        """Return the clause's permanent fragment."""
        return f"c-{self.item['id']}"

    @property
    def is_heading(self) -> bool:
        """Say whether this is a section's heading."""
        return self.item["kind"] == "section"

    @property
    def number_old(self) -> str:
        """Return its number in the older edition, empty when it was not there."""
        return self.old["number"] if self.old else ""

    @property
    def number_new(self) -> str:
        """Return its number in the newer edition, empty when it is gone."""
        return self.new["number"] if self.new else ""

    @cached_property
    def parts(self) -> list[Part]:
        """Return the text in runs that stayed, came or went."""
        return compare_texts(self.old["text"] if self.old else "", self.new["text"] if self.new else "")


def compare(older: Edition | None, newer: Edition) -> list[Change]:
    """Return what became of every clause, in the newer edition's order, removed ones where they stood.

    A clause is the same one when its permanent id is the same; one that only stands elsewhere is *moved*.
    """
    before = {item["id"]: item for item in (older.clauses if older else [])}
    after = {item["id"]: item for item in newer.clauses}
    moved = _moved(list(before), list(after))
    changes = []
    for uid in _merged_order(list(before), list(after)):
        old, new = before.get(uid), after.get(uid)
        changes.append(Change(_kind(old, new, uid in moved), old, new))
    return changes


def _kind(old: dict[str, Any] | None, new: dict[str, Any] | None, moved: bool) -> Kind:
    if old is None:
        return "added"
    if new is None:
        return "removed"
    if old["text"] != new["text"]:
        return "changed"
    return "moved" if moved else "same"


def _moved(before: list[str], after: list[str]) -> set[str]:
    """Return the ids that left the common order, as few as possible."""
    kept = set(after)
    left, present = [uid for uid in before if uid in kept], set(before)
    right = [uid for uid in after if uid in present]
    in_order: set[str] = set()
    for block in SequenceMatcher(None, left, right, autojunk=False).get_matching_blocks():
        in_order.update(left[block.a : block.a + block.size])
    return set(left) - in_order


def _merged_order(before: list[str], after: list[str]) -> list[str]:
    """Return all ids in the newer order, each removed one behind its old neighbour."""
    merged, kept = list(after), set(after)
    place = {uid: index for index, uid in enumerate(after)}
    gone: dict[int, list[str]] = {}
    last = -1
    for uid in before:
        if uid in kept:
            last = place[uid]
        else:
            gone.setdefault(last, []).append(uid)
    for index in sorted(gone, reverse=True):
        merged[index + 1 : index + 1] = gone[index]
    return merged


def compare_texts(old: str, new: str) -> list[Part]:
    """Return runs of the two texts; long ones are compared by sentence first and by word within."""
    if old == new:
        return [("same", new)] if new else []
    a, b = WORDS.findall(old), WORDS.findall(new)
    if len(a) * len(b) > MOST_PAIRS_OF_WORDS:
        return _joined(_by_sentence(old, new))
    return _joined(_runs(a, b))


def _by_sentence(old: str, new: str) -> list[Part]:
    a, b = _sentences(old), _sentences(new)
    if len(a) * len(b) > MOST_PAIRS_OF_WORDS:
        return [("del", old), ("ins", new)]
    parts: list[Part] = []
    for op, a1, a2, b1, b2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if op == "equal":
            parts.append(("same", "".join(a[a1:a2])))
            continue
        gone, come = WORDS.findall("".join(a[a1:a2])), WORDS.findall("".join(b[b1:b2]))
        small = len(gone) * len(come) <= MOST_PAIRS_OF_WORDS
        parts += _runs(gone, come) if small else [("del", "".join(gone)), ("ins", "".join(come))]
    return parts


def _sentences(text: str) -> list[str]:
    ends = [match.end() for match in SENTENCES.finditer(text)]
    return [text[a:b] for a, b in zip([0, *ends], [*ends, len(text)], strict=True) if a < b]


def _runs(a: list[str], b: list[str]) -> list[Part]:
    parts: list[Part] = []
    for op, a1, a2, b1, b2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if op == "equal":
            parts.append(("same", "".join(a[a1:a2])))
        else:
            parts += [("del", "".join(a[a1:a2])), ("ins", "".join(b[b1:b2]))]
    return parts


def _joined(parts: list[Part]) -> list[Part]:
    """Return the runs with lone spaces taken into the change around them, so that phrases are marked and not crumbs."""
    bridged: list[Part] = []
    for index, (op, text) in enumerate(parts):
        between = 0 < index < len(parts) - 1 and op == "same" and not text.strip()
        bridged += [("del", text), ("ins", text)] if between else [(op, text)]
    joined: list[Part] = []
    for changed, group in groupby(bridged, key=lambda part: part[0] != "same"):
        runs = list(group)
        ops: tuple[Any, ...] = ("del", "ins") if changed else ("same",)
        joined += [(op, "".join(text for kind, text in runs if kind == op)) for op in ops]
    return [(op, text) for op, text in joined if text]

"""What changed between two editions: aligned by clause, then by word."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import groupby
from typing import Any, Literal

from django.utils.functional import cached_property

from cms_pages.models.edition import Edition

Kind = Literal["same", "changed", "moved", "added", "removed"]
Part = tuple[Literal["same", "ins", "del"], str]

# A word takes the spaces before it along: half as many pieces, and a changed phrase is one run and not crumbs.
WORDS = re.compile(r"\s*[^\W_]+|\s*[^\w\s]|\s*_|\s+")
SENTENCES = re.compile(r"(?<=[.!?;])\s+|\n")
# Pairs of equal pieces that difflib may have to look at, for one whole comparison: about a second of one processor.
# Beyond it a clause is shown as deleted and inserted whole, so that nobody can tie up the site with a comparison.
BUDGET = 400_000


class Budget:
    """How much comparing is left; spent clause by clause."""

    def __init__(self, pairs: int = BUDGET) -> None:
        self.left = pairs

    def allows(self, a: list[str], b: list[str]) -> bool:
        """Take what comparing these pieces costs; say no, and take nothing, when that is more than is left."""
        ours, theirs = Counter(a), Counter(b)
        cost = sum(count * theirs[piece] for piece, count in ours.items()) + len(a) + len(b)
        if cost > self.left:
            return False
        self.left -= cost
        return True


@dataclass(frozen=True)
class Change:
    """What became of one heading or clause."""

    kind: Kind
    old: dict[str, Any] | None
    new: dict[str, Any] | None
    budget: Budget = field(default_factory=lambda: Budget(), compare=False, repr=False)

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
        return self.item["kind"] in {"section", "title"}

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
        return compare_texts(self.old["text"] if self.old else "", self.new["text"] if self.new else "", self.budget)


def compare(older: Edition | None, newer: Edition) -> list[Change]:
    """Return what became of every clause, in the newer edition's order, removed ones where they stood.

    A clause is the same one when its permanent id is the same; one that only stands elsewhere is *moved*.
    """
    before = {item["id"]: item for item in (older.clauses if older else [])}
    after = {item["id"]: item for item in newer.clauses}
    moved, budget = _moved(list(before), list(after)), Budget()
    changes = []
    for uid in _merged_order(list(before), list(after)):
        old, new = before.get(uid), after.get(uid)
        changes.append(Change(_kind(old, new, uid in moved), old, new, budget))
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
    """Return the ids that left the common order, as few as possible: all but a longest increasing subsequence."""
    place = {uid: index for index, uid in enumerate(after)}
    stayed = [uid for uid in before if uid in place]
    tails: list[int] = []  # the smallest place with which an ordered run of each length can end
    lengths = []
    for uid in stayed:
        length = bisect_left(tails, place[uid])
        tails[length : length + 1] = [place[uid]]
        lengths.append(length)
    in_order, wanted = set(), len(tails) - 1
    for uid, length in zip(reversed(stayed), reversed(lengths), strict=True):
        if length == wanted:
            in_order.add(uid)
            wanted -= 1
    return set(stayed) - in_order


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


def compare_texts(old: str, new: str, budget: Budget | None = None) -> list[Part]:
    """Return runs of the two texts; what is dear to compare by word is compared by sentence first."""
    if old == new:
        return [("same", new)] if new else []
    budget = budget or Budget()
    a, b = WORDS.findall(old), WORDS.findall(new)
    head, tail = _common(a, b)
    parts = _runs(a[head : len(a) - tail], b[head : len(b) - tail], budget)
    if parts is None:
        return _joined(_by_sentence(old, new, budget))
    return _joined([("same", "".join(a[:head])), *parts, ("same", "".join(a[len(a) - tail :]))])


def _common(a: list[str], b: list[str]) -> tuple[int, int]:
    """Return how many pieces both begin with, and how many of the rest both end with."""
    head = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    rest = min(len(a), len(b)) - head
    tail = next((i for i in range(rest) if a[-1 - i] != b[-1 - i]), rest)
    return head, tail


def _by_sentence(old: str, new: str, budget: Budget) -> list[Part]:
    a, b = _sentences(old), _sentences(new)
    if not budget.allows(a, b):
        return [("del", old), ("ins", new)]
    parts: list[Part] = []
    for op, a1, a2, b1, b2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        gone, come = "".join(a[a1:a2]), "".join(b[b1:b2])
        if op == "equal":
            parts.append(("same", gone))
        else:
            parts += _runs(WORDS.findall(gone), WORDS.findall(come), budget) or [("del", gone), ("ins", come)]
    return parts


def _sentences(text: str) -> list[str]:
    ends = [match.end() for match in SENTENCES.finditer(text)]
    return [text[a:b] for a, b in zip([0, *ends], [*ends, len(text)], strict=True) if a < b]


def _runs(a: list[str], b: list[str], budget: Budget) -> list[Part] | None:
    """Return runs of words; None when the budget does not allow to find them."""
    if not budget.allows(a, b):
        return None
    parts: list[Part] = []
    for op, a1, a2, b1, b2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if op == "equal":
            parts.append(("same", "".join(a[a1:a2])))
        else:
            parts += [("del", "".join(a[a1:a2])), ("ins", "".join(b[b1:b2]))]
    return parts


def _joined(parts: list[Part]) -> list[Part]:
    """Return neighbouring runs of the same kind as one, deleted words before inserted ones."""
    joined: list[Part] = []
    for changed, group in groupby(parts, key=lambda part: part[0] != "same"):
        runs = list(group)
        ops: tuple[Any, ...] = ("del", "ins") if changed else ("same",)
        joined += [(op, "".join(text for kind, text in runs if kind == op)) for op in ops]
    return [(op, text) for op, text in joined if text]

"""What changed between two texts: by clause, then by word."""

from __future__ import annotations

import json
import time

import pytest

from cms_pages.comparing import Budget, _moved, compare, compare_texts
from cms_pages.models import Edition

LONG = 20  # seconds of processor time; what is asked here takes less than one, and what grows by the square minutes


def clause(uid: str, text: str, number: str = "1.1") -> dict:
    return {"id": uid, "kind": "clause", "name": "", "number": number, "text": text}


def edition(*clauses: dict) -> Edition:
    return Edition(outline=json.dumps(clauses))


def kinds(older: Edition, newer: Edition) -> dict[str, str]:
    return {change.item["id"]: change.kind for change in compare(older, newer)}


def test_clauses_are_aligned_by_their_ids_and_not_by_their_places():
    old = edition(clause("a", "One."), clause("b", "Two."))
    new = edition(clause("n", "Zero."), clause("a", "One."), clause("b", "Two!"))
    assert kinds(old, new) == {"n": "added", "a": "same", "b": "changed"}


def test_a_removed_clause_is_told_where_it_stood():
    old = edition(clause("a", "One."), clause("b", "Two."), clause("c", "Three."))
    new = edition(clause("a", "One."), clause("c", "Three."))
    assert [change.item["id"] for change in compare(old, new)] == ["a", "b", "c"]
    assert kinds(old, new)["b"] == "removed"


def test_one_clause_carried_elsewhere_is_the_only_one_that_moved():
    old = edition(*(clause(uid, uid) for uid in "abcde"))
    new = edition(*(clause(uid, uid) for uid in "bcdea"))
    assert [uid for uid, kind in kinds(old, new).items() if kind == "moved"] == ["a"]


def test_words_are_marked():
    assert compare_texts("We keep data 30 days.", "We keep data 10 days.") == [
        ("same", "We keep data"),
        ("del", " 30"),
        ("ins", " 10"),
        ("same", " days."),
    ]


def test_a_phrase_is_marked_as_a_phrase():
    parts = compare_texts("send a letter", "use the cabinet")
    assert parts == [("del", "send a letter"), ("ins", "use the cabinet")]


@pytest.mark.parametrize(
    "old, new", [("", "new"), ("old", ""), ("", ""), ("жою құқығы", "өшіру құқығы"), ("a\nb", "a\nc")]
)
def test_both_texts_can_be_read_from_the_parts(old, new):
    parts = compare_texts(old, new)
    assert "".join(text for op, text in parts if op != "ins") == old
    assert "".join(text for op, text in parts if op != "del") == new


def test_a_text_of_a_megabyte_is_compared_at_once():
    old = "".join(f"Sentence number {n} speaks of data. " for n in range(28_000))
    new = old.replace("number 15000 ", "number fifteen thousand ")
    begun = time.process_time()
    parts = compare_texts(old, new)
    assert time.process_time() - begun < LONG
    assert "".join(text for op, text in parts if op != "ins") == old
    assert "".join(text for op, text in parts if op != "del") == new


@pytest.mark.parametrize(
    "old, new", [(", " * 250, ",," * 250), ("a " * 3000, "a b " * 3000), ("x. " * 9000, "x! " * 9000)]
)
def test_hostile_texts_cannot_tie_up_the_site(old, new):
    begun = time.process_time()
    budget = Budget()
    for _clause in range(50):
        parts = compare_texts(old, new, budget)
    assert time.process_time() - begun < LONG
    assert "".join(text for op, text in parts if op != "del") == new


def test_moving_is_found_among_thousands_of_clauses_at_once():
    ids = [str(number) for number in range(80_000)]
    begun = time.process_time()
    assert len(_moved(ids, ids[::2] + ids[1::2])) == 39_999
    assert time.process_time() - begun < LONG

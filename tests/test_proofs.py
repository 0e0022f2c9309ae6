"""docs/proofs.md names a test for every invariant and fault, and every test it names exists."""

from __future__ import annotations

import re

import pytest

from tests.databases import ROOT

PROOFS = (ROOT / "docs" / "proofs.md").read_text()
ROWS = re.findall(r"^\| ([if]\d+) \| [^|]+ \| ([^|]+) \| ([^|]*)\|$", PROOFS, re.MULTILINE)
WANTED = [*(f"i{number}" for number in range(1, 13)), *(f"f{number:02}" for number in range(1, 19))]


def test_every_row_has_its_proof():
    assert {row for row, _tests, _databases in ROWS} == set(WANTED)
    assert [row for row, tests, _databases in ROWS if "::" not in tests] == []
    assert {databases.strip() for _row, _tests, databases in ROWS} == {"both", "SQLite"}


@pytest.mark.parametrize("row", WANTED)
def test_the_tests_named_exist_and_one_bears_the_name_of_its_row(row):
    named = [each for name, tests, _databases in ROWS if name == row for each in re.findall(r"`([^`]+::[^`]+)`", tests)]
    for path, _colons, test in (each.partition("::") for each in named):
        assert re.search(rf"^def {test}\(", (ROOT / path).read_text(), re.MULTILINE), f"{path}::{test}"
    assert any(re.search(rf"_{row}_", each) for each in named), named

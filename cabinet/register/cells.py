"""Cells of tables that a spreadsheet opens: none of them is run (trust.md, s06)."""

from __future__ import annotations

from typing import Any

from django.utils.encoding import force_str

# A spreadsheet takes a cell that begins so for a formula (OWASP, CSV injection), in full width too.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless_cell(value: Any) -> Any:
    """Return the value so that no spreadsheet runs it: a text like a formula gets an apostrophe in front.

    Numbers, dates and empty cells stay what they are; whatever else is written by its name is a text.
    """
    text = force_str(value, strings_only=True)
    return f"'{text}" if isinstance(text, str) and text.startswith(FORMULA_STARTS) else text

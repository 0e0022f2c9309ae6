"""What leaves Wagtail's admin as CSV or XLSX holds no formulas (trust.md, s06)."""

from __future__ import annotations

from typing import Any

from django.utils.encoding import force_str
from wagtail.admin.views.mixins import SpreadsheetExportMixin

# A spreadsheet takes a cell that begins so for a formula (OWASP, CSV injection), in full width too.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless_cell(value: Any) -> Any:
    """Return the value so that no spreadsheet runs it: a text like a formula gets an apostrophe in front.

    Numbers, dates and empty cells stay what they are; whatever else is written by its name is a text.
    """
    text = force_str(value, strings_only=True)
    return f"'{text}" if isinstance(text, str) and text.startswith(FORMULA_STARTS) else text


wagtails_own = SpreadsheetExportMixin.preprocess_field_value


def preprocess_field_value(view: SpreadsheetExportMixin, field: str, value: Any, export_format: str) -> Any:
    """Prepare a cell as Wagtail does, then take the danger out of it, whichever list or report it comes from."""
    return harmless_cell(wagtails_own(view, field, value, export_format))


SpreadsheetExportMixin.preprocess_field_value = preprocess_field_value

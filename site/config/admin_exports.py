"""What leaves Wagtail's admin as CSV or XLSX holds no formulas (trust.md, s06)."""

from __future__ import annotations

from typing import Any

from wagtail.admin.views.mixins import SpreadsheetExportMixin

from cabinet.register.cells import FORMULA_STARTS, harmless_cell

__all__ = ["FORMULA_STARTS", "harmless_cell"]

wagtails_own = SpreadsheetExportMixin.preprocess_field_value


def preprocess_field_value(view: SpreadsheetExportMixin, field: str, value: Any, export_format: str) -> Any:
    """Prepare a cell as Wagtail does, then take the danger out of it, whichever list or report it comes from."""
    return harmless_cell(wagtails_own(view, field, value, export_format))


SpreadsheetExportMixin.preprocess_field_value = preprocess_field_value

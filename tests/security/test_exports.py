"""Nothing that leaves Wagtail's admin as a table holds a formula (trust.md, s06)."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from openpyxl import load_workbook
from wagtail.admin.views.mixins import SpreadsheetExportMixin
from wagtail.models import Page

from config.admin_exports import FORMULA_STARTS, harmless_cell
from tests.conftest import signed_in

FORMULA = '=HYPERLINK("https://evil.example","x")'
EXPORTS = [
    "/admin/reports/aging-pages/",
    "/admin/reports/site-history/",
    "/admin/reports/locked/",
    "/admin/reports/page-types-usage/",
    "/admin/reports/workflow/",
    "/admin/reports/workflow_tasks/",
    "/admin/editions/",
    "/admin/letters/",
]
WITH_THE_FORMULA = {"/admin/reports/aging-pages/", "/admin/reports/site-history/", "/admin/editions/"}


@pytest.fixture
def admin(make_user):
    """An administrator who is called a formula, too."""
    return signed_in(make_user("admin@kelisim.example", FORMULA, ("Administrators",), is_superuser=True))


@pytest.fixture
def hostile_page(make_document, publish, admin):
    page = make_document(title=FORMULA)
    publish(page, change_summary=FORMULA)
    return page


def cells_of(answer, form) -> list[str]:
    content = b"".join(answer.streaming_content)
    if form == "csv":
        return [cell for row in csv.reader(io.StringIO(content.decode())) for cell in row]
    return [str(cell.value) for row in load_workbook(io.BytesIO(content)).active for cell in row if cell.value]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("path", EXPORTS)
def test_s06_no_list_or_report_exports_a_formula(admin, hostile_page, path, form):
    answer = admin.get(f"{path}?export={form}")
    assert answer.status_code == 200
    cells = cells_of(answer, form)
    assert [cell for cell in cells if cell.startswith(FORMULA_STARTS)] == []
    if path in WITH_THE_FORMULA:
        assert f"'{FORMULA}" in cells


@pytest.mark.parametrize("start", FORMULA_STARTS)
def test_s06_each_start_of_a_formula_gets_an_apostrophe(start):
    assert harmless_cell(f"{start}1+1") == f"'{start}1+1"


def test_s06_a_row_of_a_model_is_written_by_its_name_and_made_harmless():
    assert harmless_cell(Page(title=FORMULA)) == f"'{FORMULA}"


@pytest.mark.parametrize("value", [-5, Decimal("-1.5"), None, True, date(2026, 11, 23), "a - b", "", "Shop"])
def test_s06_what_is_no_formula_stays(value):
    assert harmless_cell(value) == value


def test_s06_nothing_of_wagtail_writes_its_cells_in_a_way_of_its_own():
    for name in ("preprocess_field_value", "generate_xlsx_row", "write_csv_row", "stream_csv", "write_xlsx"):
        assert [view.__qualname__ for view in heirs(SpreadsheetExportMixin) if name in vars(view)] == []


def heirs(view) -> set[type]:
    return {below for heir in view.__subclasses__() for below in (heir, *heirs(heir))}

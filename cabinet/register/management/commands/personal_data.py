"""Prints the register: which personal data is kept, why, how long, who gets it, and how each field ends."""

from __future__ import annotations

import json
import shutil
import textwrap
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import override

from cabinet.register.described import Row, described

GAP = "  "
SHARES = (16, 24, 20, 9, 19, 12)  # how a line's width is divided among the columns, per cent


class Command(BaseCommand):
    """Show the register in a language, as a table or as JSON."""

    help = "Show which personal data is kept, why, how long, who gets it, and how each field ends."
    requires_system_checks: Any = []  # whoever mends a declaration wants to see it

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the format and the language."""
        parser.add_argument("--format", choices=["table", "json"], default="table")
        parser.add_argument("--language", choices=[code for code, _name in settings.LANGUAGES], default="en")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the register."""
        with override(options["language"]):
            rows = described()
            if options["format"] == "json":
                self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2))
            else:
                self.stdout.write("\n".join(table(rows, shutil.get_terminal_size((150, 24)).columns)))


def table(rows: list[Row], width: int) -> Iterator[str]:
    """Yield the lines of a table that is at least a hundred characters wide."""
    widths = [max(width, 100) * share // 100 - len(GAP) for share in SHARES]
    heads = [_("Category"), _("What, and how it ends"), _("What for"), _("Ground"), _("How long"), _("Who gets it")]
    yield from _wrapped([[head] for head in heads], widths)
    for row in rows:
        yield "-" * (sum(widths) + len(GAP) * (len(widths) - 1))
        yield from _wrapped(_cells(row), widths)


def _cells(row: Row) -> list[list[str]]:
    what = [f"{field['label']}: {field['end']}" for field in row["fields"]]
    term = [row["term"], f"({row['source']})"] if row["source"] else [row["term"]]
    return [[row["title"], f"[{row['key']}]"], what, row["purposes"], [row["basis"]], term, row["recipients"]]


def _wrapped(cells: list[list[str]], widths: list[int]) -> Iterator[str]:
    columns = [
        [line for part in parts for line in textwrap.wrap(part, width, subsequent_indent=" " if len(parts) > 1 else "")]
        for parts, width in zip(cells, widths, strict=True)
    ]
    for number in range(max(map(len, columns))):
        parts = [column[number] if number < len(column) else "" for column in columns]
        yield GAP.join(part.ljust(width) for part, width in zip(parts, widths, strict=True)).rstrip()

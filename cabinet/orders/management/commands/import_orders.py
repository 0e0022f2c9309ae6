"""manage.py import_orders FILE: orders of an earlier shop."""

from __future__ import annotations

import csv
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cabinet.orders.importing import Found, NotReadable, Refusal, orders_in, take_in

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")  # what makes a spreadsheet reckon (trust.md, s06)
EVERY = 20  # orders between two steps of the progress bar
WIDTH = 30


class Command(BaseCommand):
    """Takes orders in; may be run twice."""

    help = "Import orders from CSV (; or ,), XLSX or JSON lines. Columns: docs/integrator.md. Twice changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take a file and where it comes from."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--source", default="import", help="name under which order numbers are unique")
        parser.add_argument("--dry-run", action="store_true", help="say what would be refused and keep nothing")
        parser.add_argument("--report", type=Path, help="where to write what was refused; FILE.refused.csv by default")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import the file, show how far it is, and write down what was refused and why."""
        path: Path = options["file"]
        try:
            found = orders_in(path)
        except (NotReadable, OSError) as error:
            raise CommandError(str(error)) from error
        refused = [each for each in self.taken(found, options["source"], options["dry_run"]) if each]
        if refused:
            report = options["report"] or path.with_name(f"{path.name}.refused.csv")
            write_report(report, refused)
            self.stderr.write(f"Refused: {len(refused)}; why stands in {report}")
        kept = "would be taken" if options["dry_run"] else "taken"
        self.stdout.write(self.style.SUCCESS(f"Orders {kept}: {len(found) - len(refused)}, refused: {len(refused)}"))

    def taken(self, found: list[Found], source: str, dry_run: bool) -> list[Refusal | None]:
        """Take each order and show how far it is, on a terminal alone."""
        results = []
        for place, each in enumerate(found, start=1):
            results.append(take_in(each, source, dry_run=dry_run))
            if sys.stderr.isatty() and (place % EVERY == 0 or place == len(found)):
                bar = "#" * (WIDTH * place // len(found))
                self.stderr.write(f"\r[{bar:<{WIDTH}}] {place}/{len(found)}", ending="")
        if sys.stderr.isatty() and found:
            self.stderr.write("")
        return results


def write_report(path: Path, refused: list[Refusal]) -> None:
    """Write what was refused as a table that opens in a spreadsheet; only its owner may read it."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        path.chmod(0o600)
        table = csv.writer(file, delimiter=";")
        table.writerow(("row", "number", "why"))
        table.writerows((each.place, harmless(each.number), harmless(each.reasons)) for each in refused)


def harmless(text: str) -> str:
    """Return a cell that a spreadsheet shows and does not reckon."""
    return f"'{text}" if text.startswith(DANGEROUS) else text

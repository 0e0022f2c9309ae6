"""manage.py enforce_retention: have go what is past its term, as the register tells people."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand

from cabinet.privacy.retention import Went, enforce, rules, would
from cabinet.register.categories import register

HOW = ("erased", "restricted", "anonymised")
HEADS = ("Category", "Rows of", "erased", "under lock", "anonymised")
LINE = "{:24} {:26} {:>9} {:>11} {:>11}"
WITH_ACCOUNT = "with the account"


class Command(BaseCommand):
    """Does at once what a worker does each hour; safe to run at any time, to interrupt, and to run twice."""

    help = "Delete, put under lock or make nobody's what is past its term in the register, but for what a hold keeps."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take whether to do it, of which category, and how to say it."""
        parser.add_argument("--dry-run", action="store_true", help="only count what would go")
        parser.add_argument(
            "--category", choices=list(register.by_key), metavar="KEY", help="such as customers.letters"
        )
        parser.add_argument("--format", choices=["table", "json"], default="table")

    def handle(self, *args: Any, **options: Any) -> None:
        """Enforce, and say what went."""
        key = options["category"]
        chosen = [register.by_key[key]] if key else list(register)
        went = would(chosen) if options["dry_run"] else enforce(chosen)
        if options["format"] == "json":
            self.stdout.write(json.dumps([{**vars(each), "counts": dict(each.counts)} for each in went], indent=2))
            return
        self.stdout.write(LINE.format(*HEADS))
        total = self.say(went)
        for category in chosen:
            if not rules(category):
                self.stdout.write(f"{category.key:24} {WITH_ACCOUNT}")
        words = "Would go" if options["dry_run"] else "Gone"
        told = ", ".join(f"{name}: {total[how]}" for how, name in zip(HOW, HEADS[2:], strict=True))
        self.stdout.write(self.style.SUCCESS(f"{words}: {told}"))

    def say(self, went: Iterable[Went]) -> Counter[str]:
        """Say it rule by rule, as it goes, and return all of it."""
        total: Counter[str] = Counter()
        for each in went:
            self.stdout.write(LINE.format(each.category, each.model, *(each.counts[how] for how in HOW)))
            total += each.counts
        return total

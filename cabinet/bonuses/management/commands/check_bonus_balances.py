"""manage.py check_bonus_balances: compares every balance with its movements, and mends it."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from cabinet.bonuses.actions import mend_balance
from cabinet.bonuses.balances import wrong
from cabinet.customers.models import Customer


class Command(BaseCommand):
    """Mends one customer at a time, each under its lock; safe to run beside the site, and again."""

    help = "Compare each customer's bonuses with the movements they come from, and mend what differs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take whether only to look."""
        parser.add_argument("--dry-run", action="store_true", help="only say which differ; exit with 1 when any does")

    def handle(self, *args: Any, **options: Any) -> None:
        """Name who differs by the customer's random number, and say what was done."""
        found = list(wrong())
        for customer in found:
            self.stdout.write(f"Customer {customer.public_id}: {customer.kept} kept, {customer.came_to} by movements")
        mended = 0 if options["dry_run"] else sum(map(self.mend, found))
        self.stdout.write(f"Wrong: {len(found)}, mended: {mended}")
        if options["dry_run"] and found:
            raise SystemExit(1)

    def mend(self, customer: Customer) -> bool:
        """Mend one, and say whether it was still to be mended."""
        return mend_balance(customer=customer)

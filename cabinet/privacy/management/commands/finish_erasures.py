"""Carry on every erasure that can come on, those that were found incomplete included."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from cabinet.privacy.asking import ready
from cabinet.privacy.erasing import run
from cabinet.privacy.erasures import Erasure, State


class Command(BaseCommand):
    """Safe to run at any time, and twice."""

    help = "Carry on the erasures that are due, freed, stuck or incomplete, here and now."

    def add_arguments(self, parser: Any) -> None:
        """Take --dry-run."""
        parser.add_argument("--dry-run", action="store_true", help="Only say which they are.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it and say what became of each."""
        failed = Erasure.objects.filter(state=State.FAILED).values_list("pk", flat=True)
        found = sorted({*ready(), *failed})
        for erasure in Erasure.objects.filter(pk__in=found).order_by("pk"):
            state = erasure.state if options["dry_run"] else run(erasure.pk)
            self.stdout.write(f"{erasure.public_id}: {state}")
        self.stdout.write(f"Erasures: {len(found)}")

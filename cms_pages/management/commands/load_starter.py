"""manage.py load_starter: the starter site without people."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from cms_pages.starter.load import load_starter


class Command(BaseCommand):
    """Loads documents, roles and workflow; what is there already stays as it is."""

    help = "Load the starter site: documents in three languages with their editions. Loading twice changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load it and say what was done."""
        sealed = load_starter(say=self.stdout.write)
        self.stdout.write(self.style.SUCCESS(f"Editions sealed: {sealed}"))

"""manage.py load_starter: the starter site without people."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from cms_pages.starter.load import load_starter


class Command(BaseCommand):
    """Loads front pages, drafts of the documents, roles and workflow; what is there already stays as it is."""

    help = "Load the starter site: drafts of the documents in three languages. Loading twice changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load it and say what comes next."""
        load_starter(history=False, say=self.stdout.write)
        self.stdout.write(self.style.SUCCESS("All documents are drafts: fill in the operator's card and publish them."))

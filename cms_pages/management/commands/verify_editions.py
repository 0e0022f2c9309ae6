"""manage.py verify_editions: does every sealed text still say what its hash says?"""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from cabinet.audit.append_only import has_triggers
from cms_pages.drafting import sha256_of
from cms_pages.models import Edition
from cms_pages.rendering import canonical_text


class Command(BaseCommand):
    """Checks hashes, frozen pages, the row of numbers and the database's own guards; exit 1 names what is wrong."""

    help = "Check every sealed edition: hash, frozen page, numbering, and the triggers that keep them."

    def handle(self, *args: Any, **options: Any) -> None:
        """Check all editions, one at a time, and say how many were sound."""
        faults: list[str] = []
        seen: Counter[int] = Counter()
        for edition in Edition.objects.order_by("page_id", "number").iterator(chunk_size=50):
            seen[edition.page_id] += 1
            faults += [f"{edition}: {fault}" for fault in faults_of(edition, seen[edition.page_id])]
        if not has_triggers(connection, Edition._meta.db_table):
            faults.append("the table of editions has lost its triggers; run migrate again or restore them")
        for fault in faults:
            self.stderr.write(self.style.ERROR(fault))
        if faults:
            raise CommandError(f"Editions: {seen.total()}, faults: {len(faults)}")
        self.stdout.write(self.style.SUCCESS(f"Editions: {seen.total()}, all as sealed"))


def faults_of(edition: Edition, expected_number: int) -> list[str]:
    """Return what is wrong with one edition."""
    faults = []
    if edition.number != expected_number:
        faults.append(f"number {edition.number} follows {expected_number - 1}")
    if sha256_of(edition.canonical_text) != edition.sha256:
        faults.append("the text does not have the hash it was sealed with")
    if canonical_text(edition.title, edition.html) != edition.canonical_text:
        faults.append("the frozen page does not read as the text does")
    return faults

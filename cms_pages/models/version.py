"""The numbers by which every worker learns that public pages have changed."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F

from cms_pages.known_query import KnownQuery

PAGES, TREE = 1, 2  # what pages say; where they stand: sites, languages, addresses


@KnownQuery
def _numbers() -> Any:
    return PublicVersion.objects.filter(pk__in=(PAGES, TREE)).values("pk", "number")


class PublicVersion(models.Model):
    """Two rows; their numbers grow with each change, in the same transaction."""

    number = models.PositiveBigIntegerField(default=0)

    wagtail_reference_index_ignore = True

    def __str__(self) -> str:
        return str(self.number)

    @classmethod
    def now(cls) -> tuple[int, int]:
        """Return the numbers of pages and tree, in one query."""
        numbers = {row["pk"]: row["number"] for row in _numbers()}
        return numbers.get(PAGES, 0), numbers.get(TREE, 0)

    @classmethod
    def raise_row(cls, row: int) -> None:
        """Add one to a row's number."""
        if not cls.objects.filter(pk=row).update(number=F("number") + 1):
            PublicVersion.objects.bulk_create([PublicVersion(pk=row)], ignore_conflicts=True)
            cls.objects.filter(pk=row).update(number=F("number") + 1)

"""The number by which every worker learns that public pages have changed."""

from __future__ import annotations

from django.db import models


class PublicVersion(models.Model):
    """One row; its number grows with each publication, in the same transaction."""

    number = models.PositiveBigIntegerField(default=0)

    wagtail_reference_index_ignore = True

    def __str__(self) -> str:
        return str(self.number)

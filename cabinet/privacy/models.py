"""What this database knows of the marks in the file of tombstones; copies of data stand in data_copies.py."""

from __future__ import annotations

import secrets
from typing import ClassVar

from django.db import models
from django.utils import timezone

from cabinet.privacy.data_copies import DataCopy
from cabinet.privacy.erasures import Erasure
from cabinet.privacy.idle_warnings import IdleWarning
from cabinet.privacy.restricting import Restricted, RestrictedReference

__all__ = ["DataCopy", "Erasure", "IdleWarning", "Restricted", "RestrictedReference", "Tombstone"]


def new_uid() -> str:
    """Return a random id of 128 bits."""
    return secrets.token_hex(16)


class TombstoneQuerySet(models.QuerySet["Tombstone"]):
    """Marks of what is gone."""

    def waiting(self) -> TombstoneQuerySet:
        """Return those that are not in the file yet."""
        return self.filter(hash="").order_by("pk")

    def in_file(self) -> TombstoneQuerySet:
        """Return those that this database has seen in the file."""
        return self.exclude(hash="")


class Tombstone(models.Model):
    """A mark that this database made or has replayed. A mark of the file without such a row is still to be replayed.

    It is committed together with what it marks and goes into the file after that, so a crash between the two loses
    nothing, and a transaction that is rolled back leaves nothing.
    """

    wagtail_reference_index_ignore = True

    uid = models.CharField(max_length=32, unique=True, default=new_uid, editable=False)
    at = models.DateTimeField(default=timezone.now, editable=False)
    kind = models.CharField(max_length=20, editable=False)
    mark = models.CharField(max_length=64, editable=False)  # keyed hash: who has the key and the person's row finds it
    key = models.CharField(max_length=8, editable=False)  # which secret that was
    what = models.JSONField(default=dict, editable=False)  # keys of categories, purposes, fields; nothing personal
    hash = models.CharField(max_length=64, blank=True, db_index=True, editable=False)  # of its line, once it is there

    objects: ClassVar[TombstoneQuerySet] = TombstoneQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.uid

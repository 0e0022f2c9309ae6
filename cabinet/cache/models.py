"""What the database remembers in Redis's place."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class EntryQuerySet(models.QuerySet["Entry"]):
    """Entries of the cache."""

    def live(self) -> EntryQuerySet:
        """Leave out what has run out."""
        return self.filter(models.Q(expires_at=None) | models.Q(expires_at__gt=timezone.now()))

    def expired(self) -> EntryQuerySet:
        """Return what has run out."""
        return self.filter(expires_at__lte=timezone.now())


class Entry(models.Model):
    """One value under a keyed hash of its key: keys of throttles hold addresses in the network."""

    key = models.CharField(_("keyed hash of the key"), max_length=64, primary_key=True)
    value = models.TextField(_("value, JSON"))
    expires_at = models.DateTimeField(_("runs out"), null=True, db_index=True)

    objects: ClassVar[models.Manager[Entry]] = EntryQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        verbose_name = _("entry of the cache")
        verbose_name_plural = _("entries of the cache")

    def __str__(self) -> str:
        return self.key

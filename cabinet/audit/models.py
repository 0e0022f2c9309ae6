"""The event log: a chain of hashes that nobody edits, and payloads beside it that an erasure may take away."""

from __future__ import annotations

import json
from typing import Any, ClassVar
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cabinet.audit.append_only import AppendOnlyModel, AppendOnlyQuerySet


class EventQuerySet(AppendOnlyQuerySet):
    """Events of one person, and with what they tell."""

    def of(self, *subjects: UUID) -> EventQuerySet:
        """Return those about one person, under any of their marks, the newest first, with their payloads."""
        return (
            self.filter(subject__in=[str(subject) for subject in subjects])
            .select_related("payload")
            .order_by("-sequence")
        )


class Event(AppendOnlyModel):
    """That something happened, when, by and about whom, under pseudonyms; sealed by its hash and the next event."""

    # Called id in the table, the name by which append_only_triggers knows a row.
    sequence = models.PositiveBigIntegerField(_("number"), primary_key=True, db_column="id")
    at = models.DateTimeField(pgettext_lazy("event", "time"), db_index=True)
    name = models.CharField(pgettext_lazy("event", "name"), max_length=100)
    actor = models.CharField(_("by whom"), max_length=40, blank=True)
    # Text and no UUID: what is hashed is what is searched, letter by letter, on both databases.
    subject = models.CharField(_("about whom"), max_length=36, blank=True)
    commitment = models.CharField(_("SHA-256 of what it tells"), max_length=64)
    previous = models.CharField(_("SHA-256 of the event before"), max_length=64)
    hash = models.CharField(_("SHA-256"), max_length=64)

    objects: ClassVar[Any] = EventQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("event")
        verbose_name_plural = _("events")
        default_permissions = ("view",)
        indexes = [models.Index(fields=["subject", "-sequence"], name="audit_event_of_subject")]

    def __str__(self) -> str:
        return f"{self.sequence} {self.name}"

    def tells(self) -> dict[str, Any]:
        """Return the payload; nothing when it has been forgotten."""
        payload = getattr(self, "payload", None)
        return json.loads(payload.text) if payload else {}


class Payload(models.Model):
    """What an event tells, and the salt without which its commitment says nothing; goes when the person goes."""

    wagtail_reference_index_ignore = True

    event = models.OneToOneField(Event, on_delete=models.PROTECT, primary_key=True, related_name="payload")
    salt = models.CharField(max_length=64)
    # JSON as it was hashed: PostgreSQL's own type would write numbers in another way.
    text = models.TextField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.event_id)

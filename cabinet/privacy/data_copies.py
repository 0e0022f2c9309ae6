"""A copy of somebody's data: asked for, being made, ready, gone."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cabinet.customers.ids import new_public_id


class Stage(models.TextChoices):
    """How far a copy has come."""

    ASKED = "asked", pgettext_lazy("copy", "Asked for")
    COLLECTING = "collecting", pgettext_lazy("copy", "Collecting")
    WRITING = "writing", pgettext_lazy("copy", "Writing")
    CHECKING = "checking", pgettext_lazy("copy", "Checking")
    READY = "ready", pgettext_lazy("copy", "Ready")
    FAILED = "failed", pgettext_lazy("copy", "Failed")
    GONE = "gone", pgettext_lazy("copy", "Gone")


BUILDING = (Stage.ASKED, Stage.COLLECTING, Stage.WRITING, Stage.CHECKING)
ENDED = (Stage.GONE, Stage.FAILED)
TRACE = timedelta(days=30)  # how long the address of a copy that is gone says so, and the throttle can count


class Trouble(models.TextChoices):
    """Why a copy could not be made."""

    DISK = "disk", pgettext_lazy("copy", "no room on the disk")
    FAULT = "fault", pgettext_lazy("copy", "a fault of the software")


class DataCopyQuerySet(models.QuerySet["DataCopy"]):
    """Copies."""

    def building(self) -> DataCopyQuerySet:
        """Return those that are asked for or being made."""
        return self.filter(stage__in=BUILDING)

    def outlived(self, now: datetime) -> DataCopyQuerySet:
        """Return those whose time is over though their file may still be there."""
        return self.filter(stage=Stage.READY, expires_at__lte=now)


class DataCopy(models.Model):
    """One copy. Its address is a token of which only the hash is kept; its file has a random name, outside MEDIA."""

    wagtail_reference_index_ignore = True

    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="copies")
    public_id = models.CharField(_("number"), max_length=16, unique=True, editable=False, default=new_public_id)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    stage = models.CharField(pgettext_lazy("copy", "stage"), max_length=10, choices=Stage.choices, default=Stage.ASKED)
    trouble = models.CharField(max_length=10, choices=Trouble.choices, blank=True)
    rows_expected = models.PositiveBigIntegerField(default=0)
    rows_written = models.PositiveBigIntegerField(default=0)
    # Each worker that begins takes the next number: who comes later has the copy, who came before finds that out.
    attempt = models.PositiveIntegerField(default=0)
    file = models.CharField(max_length=64, blank=True)  # name in COPIES_DIR, of the latest attempt
    size = models.PositiveBigIntegerField(_("size in bytes"), null=True)
    token_sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    asked_at = models.DateTimeField(_("copy asked for"), default=timezone.now)
    touched_at = models.DateTimeField(default=timezone.now)  # when it last came on
    ready_at = models.DateTimeField(_("copy ready"), null=True)
    expires_at = models.DateTimeField(_("copy is deleted"), null=True)
    downloaded_at = models.DateTimeField(_("copy last downloaded"), null=True)

    objects: ClassVar[Any] = DataCopyQuerySet.as_manager()

    class Meta:
        ordering = [F("asked_at").desc(), "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["customer"], condition=Q(stage__in=BUILDING), name="one_copy_being_made")
        ]
        indexes = [models.Index(fields=["stage", "expires_at"], name="copies_to_expire")]
        default_permissions = ()
        verbose_name = _("copy of data")
        verbose_name_plural = _("copies of data")

    def __str__(self) -> str:
        return self.public_id

    @property
    def place(self) -> Path:
        """Return where the file stands, or will."""
        return Path(settings.COPIES_DIR) / f"{self.file}.zip"

    @property
    def is_building(self) -> bool:
        """Say whether it is still being made."""
        return self.stage in BUILDING

    @property
    def is_ready(self) -> bool:
        """Say whether it can be downloaded: not a second after its time, whoever has or has not cleaned up."""
        return self.stage == Stage.READY and self.expires_at is not None and timezone.now() < self.expires_at

    @property
    def percent(self) -> int:
        """Return how much is written, 0 to 100; more rows than were counted make no more than all."""
        return min(100, self.rows_written * 100 // self.rows_expected) if self.rows_expected else 0

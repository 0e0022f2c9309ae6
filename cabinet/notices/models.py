"""The outbox: each letter from the moment it is written until it is forgotten."""

from __future__ import annotations

import json
import secrets
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cabinet.at_rest import seal, unseal
from cabinet.notices.writing import Written

PURPOSE = b"kelisim: letters that wait"


def new_public_id() -> str:
    """Return a random id of 96 bits."""
    return secrets.token_urlsafe(12)


def new_message_id() -> str:
    """Return an id for a message (RFC 5322, 3.6.4) that tells nothing of this machine."""
    return f"<{secrets.token_hex(16)}@{urlsplit(settings.SITE_URL).hostname}>"


class State(models.TextChoices):
    """How far a letter has come."""

    WAITING = "waiting", pgettext_lazy("letter", "Waiting")
    SENT = "sent", pgettext_lazy("letter", "Sent")
    DEAD = "dead", pgettext_lazy("letter", "Not deliverable")
    CANCELLED = "cancelled", pgettext_lazy("letter", "Not sent")


class LetterQuerySet(models.QuerySet["Letter"]):
    """Letters of the outbox."""

    def due(self, now: datetime) -> LetterQuerySet:
        """Return those to be tried now, the longest due first."""
        waiting = self.filter(state=State.WAITING, next_attempt_at__lte=now)
        return waiting.order_by("next_attempt_at", "pk")

    def dead(self) -> LetterQuerySet:
        """Return those that could not be delivered and wait for somebody to decide."""
        return self.filter(state=State.DEAD)

    def forgotten(self) -> LetterQuerySet:
        """Return those that came to their end so long ago that they go."""
        return self.filter(settled_at__lte=timezone.now() - settings.LETTER_LIFETIME)


class Letter(models.Model):
    """One letter to one address. Its words are sealed, for links in letters are secrets (trust.md, s14)."""

    wagtail_reference_index_ignore = True

    public_id = models.CharField(_("number"), max_length=16, unique=True, editable=False, default=new_public_id)
    template = models.CharField(_("kind"), max_length=200)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    # Wiped when the letter is sent, where it is nobody's account.
    recipient = models.EmailField(pgettext_lazy("letter", "to"), max_length=320, blank=True)
    # Empty: a letter of service; else the purpose for which consent was given.
    topic = models.CharField(pgettext_lazy("letter", "topic"), max_length=100, blank=True)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+", verbose_name=_("account")
    )
    message_id = models.CharField(max_length=255, unique=True, editable=False, default=new_message_id)
    sealed = models.TextField(blank=True)  # subject, text, HTML and headers; wiped when it has come to its end
    state = models.CharField(
        pgettext_lazy("letter", "state"), max_length=10, choices=State.choices, default=State.WAITING
    )
    attempts = models.PositiveIntegerField(pgettext_lazy("letter", "tries"), default=0)
    next_attempt_at = models.DateTimeField(_("next try"), null=True, default=timezone.now)
    last_error = models.CharField(_("last failure"), max_length=100, blank=True)  # code and class, never the words
    created_at = models.DateTimeField(pgettext_lazy("letter", "written"), default=timezone.now)
    settled_at = models.DateTimeField(pgettext_lazy("letter", "sent or ended"), null=True, db_index=True)

    objects: ClassVar[Any] = LetterQuerySet.as_manager()

    class Meta:
        ordering = [F("created_at").desc(), "-pk"]
        indexes = [models.Index(fields=["state", "next_attempt_at"], name="letters_due")]
        default_permissions = ("view",)
        permissions = [
            ("resend_letter", "Can send a dead letter again or give it up"),
            ("preview_letter", "Can see letters with sample data"),
        ]
        verbose_name = _("letter")
        verbose_name_plural = _("letters")

    def __str__(self) -> str:
        return self.public_id

    @property
    def written(self) -> Written | None:
        """Return what it says, nothing where that is wiped; raise InvalidToken when no key opens it."""
        return Written(**json.loads(unseal(self.sealed, PURPOSE))) if self.sealed else None

    @written.setter
    def written(self, written: Written) -> None:
        self.sealed = seal(json.dumps(written._asdict()), PURPOSE)

    @property
    def masked_recipient(self) -> str:
        """Return the address so that who knows it can tell it, and nobody else can write to it."""
        name, _at, domain = self.recipient.rpartition("@")
        host, _dot, end = domain.rpartition(".")
        return f"{name[:1]}•••@{host[:1]}•••.{end}" if self.recipient else ""

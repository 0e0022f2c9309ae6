"""An erasure from the moment it is asked for until the last thing that was held is gone."""

from __future__ import annotations

import json
import secrets
from hashlib import sha256
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override, pgettext_lazy

from cabinet.at_rest import seal, unseal

PURPOSE = b"kelisim: erasures under way"
SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is read for another, over the telephone either


def new_reference(kind: str = "KEL") -> str:
    """Return a number by which a person names an erasure, KEL-XXXX-XXXX, or something else that is asked for."""
    return f"{kind}-" + "-".join("".join(secrets.choice(SIGNS) for _sign in range(4)) for _group in range(2))


def hashed(token: str) -> str:
    """Return what is kept of the token of a status page."""
    return sha256(token.encode()).hexdigest()


class State(models.TextChoices):
    """How far an erasure is."""

    REQUESTED = "requested", pgettext_lazy("erasure", "Asked for")
    CANCELLED = "cancelled", pgettext_lazy("erasure", "Called off")
    RUNNING = "running", pgettext_lazy("erasure", "Under way")
    WAITING = "waiting", pgettext_lazy("erasure", "Waiting for what must stay")
    DONE = "done", pgettext_lazy("erasure", "Done")
    FAILED = "failed", pgettext_lazy("erasure", "Not complete")


LIVE = (State.REQUESTED, State.RUNNING, State.WAITING, State.FAILED)
BEGUN = (State.RUNNING, State.WAITING, State.FAILED)  # it cannot be called off any more


class Reason(models.TextChoices):
    """Who or what asked for it."""

    PERSON = "person", pgettext_lazy("erasure", "The person asked for it")
    IDLE = "idle", pgettext_lazy("erasure", "The account was not used for too long")
    REPLAY = "replay", pgettext_lazy("erasure", "Done again after a restore")


class ErasureQuerySet(models.QuerySet["Erasure"]):
    """Erasures."""

    def live(self) -> ErasureQuerySet:
        """Return those that have not come to an end."""
        return self.filter(state__in=LIVE)

    def begun(self) -> ErasureQuerySet:
        """Return those after which the person has no account any more, though something may still be there."""
        return self.filter(state__in=BEGUN)


class Erasure(models.Model):
    """One erasure of one account. When it is done nothing in it leads to anybody: a number, times and counts."""

    wagtail_reference_index_ignore = True

    public_id = models.CharField(_("number"), max_length=13, unique=True, editable=False, default=new_reference)
    # Of the status page, which works without an account.
    token_sha256 = models.CharField(max_length=64, unique=True, editable=False)
    customer = models.ForeignKey("customers.Customer", on_delete=models.SET_NULL, null=True, related_name="erasures")
    subject = models.UUIDField(null=True, editable=False)  # until it is done
    # The token, the address to write to, and while it runs what the re-scan looks for; empty when it is over.
    sealed = models.TextField(blank=True)
    reason = models.CharField(_("reason"), max_length=10, choices=Reason.choices, default=Reason.PERSON)
    state = models.CharField(
        pgettext_lazy("erasure", "state"), max_length=10, choices=State.choices, default=State.REQUESTED
    )
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    requested_at = models.DateTimeField(pgettext_lazy("erasure", "asked for"), default=timezone.now)
    due_at = models.DateTimeField(pgettext_lazy("erasure", "begins"))
    begun_at = models.DateTimeField(pgettext_lazy("erasure", "begun"), null=True)
    ended_at = models.DateTimeField(pgettext_lazy("erasure", "ended"), null=True)
    waits_until = models.DateTimeField(pgettext_lazy("erasure", "the last of it may go"), null=True)
    figures = models.JSONField(default=dict)  # {"orders.people orders.OrderPerson": {"erased": 3}}: the receipt
    counted = models.JSONField(default=list)  # parts whose rows were counted in this run, so that a crash counts once
    scan = models.JSONField(default=dict)  # {"orders.OrderPerson": 0}: how many rows the re-scan found, by model
    digest = models.CharField(_("SHA-256 of the receipt"), max_length=64, blank=True)

    objects: ClassVar[Any] = ErasureQuerySet.as_manager()

    class Meta:
        ordering = [F("requested_at").desc(), "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["customer"], condition=Q(state__in=LIVE), name="one_live_erasure"),
        ]
        indexes = [models.Index(fields=["state", "due_at"], name="erasures_due")]
        default_permissions = ("view",)
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")

    def __str__(self) -> str:
        return self.public_id

    @property
    def told(self) -> dict[str, Any]:
        """Return what is sealed: token, email, looked_for; nothing when it is over."""
        return json.loads(unseal(self.sealed, PURPOSE)) if self.sealed else {}

    def tell(self, **more: Any) -> None:
        """Seal more of it; to be saved with `sealed`."""
        self.sealed = seal(json.dumps({**self.told, **more}), PURPOSE)

    @property
    def status_path(self) -> str:
        """Return the way to the status page, as long as its token is known."""
        token = self.told.get("token", "")
        with override(self.language):
            return reverse("erasure_status", args=[token]) if token else ""

    @property
    def can_be_called_off(self) -> bool:
        """Say whether nothing has gone yet."""
        return self.state == State.REQUESTED

    @property
    def is_due(self) -> bool:
        """Say whether it begins as soon as a worker comes to it."""
        return self.state == State.REQUESTED and self.due_at <= timezone.now()

    def receipt(self) -> dict[str, Any]:
        """Return what the digest covers: the number, the times, what became of how many rows, what a re-scan found."""
        return {
            "erasure": self.public_id,
            "requested_at": self.requested_at.isoformat(),
            "begun_at": self.begun_at.isoformat() if self.begun_at else "",
            "ended_at": self.ended_at.isoformat() if self.ended_at else "",
            "figures": self.figures,
            "scan": self.scan,
        }

    def seal_receipt(self) -> None:
        """Compute the digest; to be saved with `digest`."""
        text = json.dumps(self.receipt(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        self.digest = sha256(text.encode()).hexdigest()

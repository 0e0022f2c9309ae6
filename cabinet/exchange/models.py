"""What was received, who may send to us, whom we send to, and what is on its way."""

from __future__ import annotations

import json
import secrets
from datetime import datetime
from typing import Any, ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cabinet.at_rest import seal, unseal

SECRETS = b"kelisim: secrets shared with shop engines"
PAYLOADS = b"kelisim: events on their way to shop engines"

is_source = RegexValidator(r"\A[a-z][a-z0-9_-]{0,39}\Z", _("Small letters, digits, - and _."))


def new_message_id() -> str:
    """Return a random id of 128 bits for one message."""
    return f"msg_{secrets.token_hex(16)}"


class Sealed(models.Model):
    """Has a secret that is shared with another program."""

    sealed = models.TextField(editable=False)

    class Meta:
        abstract = True

    @property
    def secret(self) -> str:
        """Return the secret; raise InvalidToken when no key opens it."""
        return unseal(self.sealed, SECRETS)

    @secret.setter
    def secret(self, secret: str) -> None:
        self.sealed = seal(secret, SECRETS)


# In ------------------------------------------------------------------------------------------------------------------


class ReceivedEvent(models.Model):
    """That an event was taken and what became of it; never what it said."""

    wagtail_reference_index_ignore = True

    source = models.CharField(_("shop engine"), max_length=40)
    event_id = models.CharField(_("id of the event"), max_length=128)
    type = models.CharField(_("type"), max_length=100)
    body_sha256 = models.CharField(max_length=64)
    occurred_at = models.DateTimeField(_("occurred"))
    received_at = models.DateTimeField(_("received"), default=timezone.now, db_index=True)
    outcome = models.CharField(_("outcome"), max_length=20, default="applied")
    reason = models.CharField(_("reason"), max_length=40, blank=True)  # a code

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "event_id"], name="exchange_event_once")]
        default_permissions = ("view",)
        verbose_name = _("received event")
        verbose_name_plural = _("received events")

    def __str__(self) -> str:
        return f"{self.type} {self.event_id}"


class KeyQuerySet(models.QuerySet["Key"]):
    """Keys of shop engines."""

    def live(self) -> KeyQuerySet:
        """Return those that sign today."""
        return self.filter(Q(not_after=None) | Q(not_after__gt=timezone.now()))


class Key(Sealed):
    """A secret by which a shop engine signs what it sends, and which events it may send."""

    wagtail_reference_index_ignore = True

    source = models.CharField(_("shop engine"), max_length=40, validators=[is_source])
    scopes = models.JSONField(_("events it may send"), default=list)  # order.placed, order.*, *
    created_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)
    not_after = models.DateTimeField(_("not after"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)  # to the hour

    objects: ClassVar[Any] = KeyQuerySet.as_manager()

    class Meta:
        ordering = ["source", "-created_at", "-pk"]
        verbose_name = _("key of a shop engine")
        verbose_name_plural = _("keys of shop engines")

    def __str__(self) -> str:
        return f"{self.source} {self.pk}"

    @property
    def is_live(self) -> bool:
        """Tell whether it signs today."""
        return self.not_after is None or self.not_after > timezone.now()


# Out -----------------------------------------------------------------------------------------------------------------


class Endpoint(Sealed):
    """An address that hears of what happens here."""

    wagtail_reference_index_ignore = True

    url = models.URLField(_("address"), max_length=500, unique=True)
    description = models.CharField(_("what it is"), max_length=200, blank=True)
    types = models.JSONField(_("events it hears"), default=list)
    active = models.BooleanField(_("active"), default=True)
    paused_reason = models.CharField(_("why it is paused"), max_length=100, blank=True, editable=False)
    dead_in_a_row = models.PositiveIntegerField(default=0, editable=False)
    sealed_before = models.TextField(blank=True, editable=False)  # the secret before the last rotation
    before_not_after = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)

    class Meta:
        ordering = ["url"]
        verbose_name = _("address that hears events")
        verbose_name_plural = _("addresses that hear events")

    def __str__(self) -> str:
        return self.description or self.url

    def hears(self, type_: str, *, is_owed: bool = False) -> bool:
        """Tell whether the address is told of such events; what is owed waits until it is active again."""
        return type_ in self.types and (self.active or is_owed)

    def live_secrets(self) -> list[str]:
        """Return the secrets that sign today, the newest first; raise InvalidToken when no key opens one."""
        both = self.before_not_after is not None and self.before_not_after > timezone.now()
        return [self.secret, *([unseal(self.sealed_before, SECRETS)] if both else [])]


class State(models.TextChoices):
    """How far a delivery has come."""

    WAITING = "waiting", pgettext_lazy("delivery", "Waiting")
    DELIVERED = "delivered", pgettext_lazy("delivery", "Delivered")
    DEAD = "dead", pgettext_lazy("delivery", "Not deliverable")
    CANCELLED = "cancelled", pgettext_lazy("delivery", "Not sent")


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """Events on their way."""

    def due(self, now: datetime) -> DeliveryQuerySet:
        """Return those to be tried now, the longest due first."""
        waiting = self.filter(state=State.WAITING, next_attempt_at__lte=now, endpoint__active=True)
        return waiting.order_by("next_attempt_at", "pk")

    def dead(self) -> DeliveryQuerySet:
        """Return those that were given up and may be sent again."""
        return self.filter(state=State.DEAD)


class Delivery(models.Model):
    """One event for one address. What it says is sealed, and goes when it has arrived."""

    wagtail_reference_index_ignore = True

    public_id = models.CharField(_("number"), max_length=40, unique=True, editable=False, default=new_message_id)
    endpoint = models.ForeignKey(
        Endpoint, on_delete=models.CASCADE, related_name="deliveries", verbose_name=_("address")
    )
    type = models.CharField(_("type"), max_length=100)
    # The pseudonym of whom it tells; leads to nobody once the person is gone.
    subject = models.UUIDField(_("about whom"), null=True, db_index=True)
    sealed = models.TextField(blank=True)
    state = models.CharField(
        pgettext_lazy("delivery", "state"), max_length=10, choices=State.choices, default=State.WAITING
    )
    attempts = models.PositiveIntegerField(pgettext_lazy("delivery", "tries"), default=0)
    next_attempt_at = models.DateTimeField(_("next try"), null=True, default=timezone.now)
    last_status = models.PositiveSmallIntegerField(_("last answer"), null=True)
    last_error = models.CharField(_("last failure"), max_length=100, blank=True)  # its class, never its words
    created_at = models.DateTimeField(pgettext_lazy("delivery", "written"), default=timezone.now)
    settled_at = models.DateTimeField(pgettext_lazy("delivery", "ended"), null=True, db_index=True)

    objects: ClassVar[Any] = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = [F("created_at").desc(), "-pk"]
        indexes = [models.Index(fields=["state", "next_attempt_at"], name="exchange_due")]
        default_permissions = ("view",)
        permissions = [("resend_delivery", "Can send a dead delivery again")]
        verbose_name = _("sent event")
        verbose_name_plural = _("sent events")

    def __str__(self) -> str:
        return self.public_id

    @property
    def body(self) -> bytes:
        """Return what is sent, byte for byte the same each time; raise InvalidToken when no key opens it."""
        return unseal(self.sealed, PAYLOADS).encode()

    @body.setter
    def body(self, told: dict[str, Any]) -> None:
        self.sealed = seal(json.dumps(told, ensure_ascii=False, separators=(",", ":")), PAYLOADS)

"""The bonus account: what came and went, each with its reason, and what is there now."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cabinet.customers.ids import new_public_id


class Kind(models.TextChoices):
    """Why bonuses came or went."""

    ACCRUED = "accrued", pgettext_lazy("bonuses", "credited")
    SPENT = "spent", pgettext_lazy("bonuses", "spent")
    EXPIRED = "expired", pgettext_lazy("bonuses", "expired")
    CORRECTED = "corrected", pgettext_lazy("bonuses", "corrected")
    FORFEITED = "forfeited", pgettext_lazy("bonuses", "given up")


class Account(models.Model):
    """What a customer's movements come to; kept, so that nobody has to add them up."""

    wagtail_reference_index_ignore = True

    customer = models.OneToOneField("customers.Customer", on_delete=models.CASCADE, related_name="bonus_account")
    balance = models.DecimalField(_("bonuses"), max_digits=14, decimal_places=2, default=0)
    changed_at = models.DateTimeField(_("last changed"), default=timezone.now)

    class Meta:
        default_permissions = ()
        verbose_name = _("bonus account")
        verbose_name_plural = _("bonus accounts")

    def __str__(self) -> str:
        return str(self.pk)


class Movement(models.Model):
    """Bonuses that came (more than zero) or went (less): added to, never edited; a correction is a new row."""

    wagtail_reference_index_ignore = True

    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="bonus_movements")
    public_id = models.CharField(max_length=16, unique=True, editable=False, default=new_public_id)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    order_number = models.CharField(_("order"), max_length=40, blank=True)  # rooms of one floor do not know each other
    occurred_at = models.DateTimeField(_("when"))
    expires_at = models.DateTimeField(_("valid until"), null=True, blank=True)
    source = models.CharField(max_length=40)
    event_id = models.CharField(max_length=200)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        ordering = [F("occurred_at").desc(), "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["source", "event_id"], name="one_movement_per_event"),
            models.CheckConstraint(condition=~Q(amount=0), name="bonuses_come_or_go"),
        ]
        indexes = [
            models.Index(fields=["customer", "-occurred_at", "-id"], name="bonuses_of_customer"),
            # All that the sums of what is still valid read, so that a long history costs no page more.
            models.Index(fields=["customer", "expires_at", "amount"], condition=Q(amount__gt=0), name="bonuses_lots"),
        ]
        default_permissions = ()
        verbose_name = _("movement of bonuses")
        verbose_name_plural = _("movements of bonuses")

    def __str__(self) -> str:
        return self.public_id

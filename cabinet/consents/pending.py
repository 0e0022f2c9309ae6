"""A withdrawal that waits for an obligation to end (94-V, art. 8(2))."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cabinet.consents.ledger import Medium
from cabinet.register.categories import Purpose


class PendingWithdrawal(models.Model):
    """The wish to withdraw a consent, until it can be carried out."""

    wagtail_reference_index_ignore = True

    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    purpose = models.CharField(_("purpose"), max_length=40, choices=Purpose.choices)
    medium = models.CharField(_("medium"), max_length=10, choices=Medium.choices, blank=True)
    asked_at = models.DateTimeField(_("withdrawal asked for"), default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "purpose", "medium"], name="one_pending_withdrawal")]
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.pk)

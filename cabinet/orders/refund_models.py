"""Money that goes back, and the vault with the bank details it goes to (policy 1: financial data is confidential)."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cabinet.customers.ids import new_public_id


class Refund(models.Model):
    """Money to be paid back for an order; open until it is paid or refused."""

    wagtail_reference_index_ignore = True

    class State(models.TextChoices):
        """How far a refund is."""

        REQUESTED = "requested", pgettext_lazy("refund", "requested")
        PAID = "paid", pgettext_lazy("refund", "paid")
        REFUSED = "refused", pgettext_lazy("refund", "refused")

    order = models.ForeignKey("orders.Order", on_delete=models.CASCADE, related_name="refunds")
    public_id = models.CharField(max_length=16, unique=True, editable=False, default=new_public_id)
    reference = models.CharField(_("reference"), max_length=60, blank=True)  # as the shop calls it
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.REQUESTED)
    requested_at = models.DateTimeField(_("requested"), default=timezone.now)
    settled_at = models.DateTimeField(_("paid or refused"), null=True, blank=True)
    paid_by = models.CharField(max_length=40, blank=True)  # public id of staff, or the source

    class Meta:
        ordering = ["-requested_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["order", "reference"], condition=~models.Q(reference=""), name="one_refund_per_reference"
            )
        ]
        # Open ones hold their orders, and are few among many.
        indexes = [models.Index(fields=["order"], condition=models.Q(state="requested"), name="open_refunds")]
        default_permissions = ()
        permissions = [("pay_refund", "Can pay refunds and open the bank details for it")]
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")

    def __str__(self) -> str:
        return self.public_id


class RefundDetails(models.Model):
    """Where a refund is paid to, sealed; deleted when it is paid and its term is over."""

    wagtail_reference_index_ignore = True

    refund = models.OneToOneField(Refund, on_delete=models.CASCADE, related_name="details")
    sealed = models.TextField()  # see cabinet/at_rest.py
    given_at = models.DateTimeField(_("given"), default=timezone.now)

    class Meta:
        default_permissions = ()
        verbose_name = _("bank details of a refund")
        verbose_name_plural = _("bank details of refunds")

    def __str__(self) -> str:
        return str(self.pk)

"""Who on staff may see the person behind an order, and until when (policy 3.2)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cabinet.customers.ids import new_public_id


class Assignment(models.Model):
    """An order in the hands of one of the staff; the right to see ends with it, and when the order ends."""

    wagtail_reference_index_ignore = True

    order = models.ForeignKey("orders.Order", on_delete=models.CASCADE, related_name="assignments")
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField(_("since"), default=timezone.now)
    until = models.DateTimeField(_("until"), null=True, blank=True)
    by = models.CharField(max_length=40, blank=True)  # public id of who assigned; empty: the queue

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order"], condition=Q(until=None), name="one_hand_at_a_time"),
        ]
        indexes = [models.Index(fields=["staff", "order"], condition=Q(until=None), name="orders_in_hand")]
        default_permissions = ()
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")

    def __str__(self) -> str:
        return str(self.pk)


class BreakGlass(models.Model):
    """The officer's way to a person without an order in hand: for a reason, for a while, and told to the person."""

    wagtail_reference_index_ignore = True

    public_id = models.CharField(max_length=16, unique=True, editable=False, default=new_public_id)
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    subject = models.UUIDField(_("mark of the person"), db_index=True)
    reason = models.CharField(_("reason"), max_length=300)
    opened_at = models.DateTimeField(_("opened"), default=timezone.now)
    until = models.DateTimeField(_("until"))

    class Meta:
        ordering = ["-opened_at", "-pk"]
        default_permissions = ("view",)
        permissions = [("break_glass", "Can open somebody's data in an emergency")]
        verbose_name = _("emergency access")
        verbose_name_plural = _("emergency accesses")

    def __str__(self) -> str:
        return self.public_id

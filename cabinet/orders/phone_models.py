"""Orders taken by phone: their own series of numbers, and the link by which the person confirms or withdraws."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class PhoneSeries(models.Model):
    """The last number given to a phone order in a year."""

    year = models.PositiveSmallIntegerField(unique=True)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.year)


class PhoneOrder(models.Model):
    """What an order has only when it was taken by phone."""

    wagtail_reference_index_ignore = True

    order = models.OneToOneField("orders.Order", on_delete=models.CASCADE, related_name="by_phone")
    form_key = models.CharField(max_length=40, unique=True)  # of the form: sent twice, it is still one order
    token_sha256 = models.CharField(max_length=64, unique=True)  # of the link, which nobody here can read back
    link_until = models.DateTimeField()
    confirmed_at = models.DateTimeField(_("confirmed by the person"), null=True)
    withdrawal_at = models.DateTimeField(_("consent to the order withdrawn"), null=True)  # asked; barred while open
    settled_at = models.DateTimeField(null=True)  # the withdrawal was carried out

    class Meta:
        default_permissions = ()
        verbose_name = _("order by phone")
        verbose_name_plural = _("orders by phone")

    def __str__(self) -> str:
        return str(self.pk)

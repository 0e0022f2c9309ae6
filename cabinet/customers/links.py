"""What a shop engine calls a customer, and the marks that are left of it after an erasure."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class EngineLink(models.Model):
    """The number by which a shop engine knows a customer."""

    wagtail_reference_index_ignore = True

    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="engine_links")
    source = models.CharField(_("shop engine"), max_length=40)
    external_id = models.CharField(_("your number there"), max_length=100)
    linked_at = models.DateTimeField(_("linked"), default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "external_id"], name="one_customer_per_number")]
        default_permissions = ()
        verbose_name = _("number in a shop engine")
        verbose_name_plural = _("numbers in shop engines")

    def __str__(self) -> str:
        return str(self.pk)


class ErasedLink(models.Model):
    """A keyed hash of a number that led to somebody who was erased: enough to refuse what comes late, and no more."""

    wagtail_reference_index_ignore = True

    mark = models.CharField(max_length=64, unique=True)
    erased_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.pk)

"""What a shop engine tells before we know whom or what it is about."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField


class Guest(models.Model):
    """Somebody whom a shop engine knows by a number of its own; goes when the number leads to a customer."""

    wagtail_reference_index_ignore = True

    source = models.CharField(_("shop engine"), max_length=40)
    external_id = models.CharField(_("number there"), max_length=100)
    subject = models.UUIDField(editable=False, default=uuid.uuid4)  # stands for them in proofs and in the audit log
    # As the shop engine has verified them; whoever shows the same in the cabinet may say “that is me”.
    email = models.EmailField(_("e-mail"), blank=True, db_index=True)
    phone = PhoneNumberField(_("phone"), blank=True)
    told_at = models.DateTimeField(editable=False, null=True)  # when that was so

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "external_id"], name="one_guest_per_number")]
        default_permissions = ()
        verbose_name = _("guest of a shop engine")
        verbose_name_plural = _("guests of shop engines")

    def __str__(self) -> str:
        return str(self.pk)


class Early(models.Model):
    """What was told of an order before the order itself; bears nobody's data, and is done when the order comes."""

    wagtail_reference_index_ignore = True

    source = models.CharField(max_length=40)
    number = models.CharField(max_length=40)
    type = models.CharField(max_length=40)
    occurred_at = models.DateTimeField()
    said = models.JSONField(default=dict)  # a status, or reference, amount and a code
    told_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        indexes = [models.Index(fields=["source", "number"], name="early_by_order")]
        default_permissions = ()
        verbose_name = _("what was told of an unknown order")
        verbose_name_plural = _("what was told of unknown orders")

    def __str__(self) -> str:
        return str(self.pk)

"""The person behind an account: what the shop knows of a customer, and where to deliver."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from cabinet.customers.ids import new_public_id

UNDO_WITHIN = timedelta(minutes=10)  # long enough to notice a slip, short enough to have meant “gone”


class Customer(models.Model):
    """All personal data of a customer; the account beside it only signs in (DECISIONS.md, 12)."""

    wagtail_reference_index_ignore = True

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="customer")
    public_id = models.CharField(max_length=16, unique=True, editable=False, default=new_public_id)
    # Stands in proofs and in the audit log instead of the person; when this row goes, it leads to nobody.
    subject = models.UUIDField(unique=True, editable=False, default=uuid.uuid4)
    first_name = models.CharField(_("first name"), max_length=150, blank=True)
    last_name = models.CharField(_("last name"), max_length=150, blank=True)
    birth_date = models.DateField(_("birth date"), null=True, blank=True)
    phone = PhoneNumberField(_("phone"), blank=True, db_index=True)
    postal_address = models.CharField(_("postal address"), max_length=500, blank=True)
    language = models.CharField(_("language of letters"), max_length=10, choices=settings.LANGUAGES)
    version = models.PositiveIntegerField(
        editable=False, default=0
    )  # counts changes, so that two tabs do not undo each other
    created_at = models.DateTimeField(editable=False, default=timezone.now)

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")

    def __str__(self) -> str:
        return self.public_id

    @property
    def full_name(self) -> str:
        """Return first and last name, as far as they are known."""
        return f"{self.first_name} {self.last_name}".strip()


class AddressQuerySet(models.QuerySet["Address"]):
    """Delivery addresses."""

    def present(self) -> AddressQuerySet:
        """Return those that were not removed."""
        return self.filter(removed_at=None)

    def undoable(self) -> AddressQuerySet:
        """Return those removed so lately that this can be undone."""
        return self.filter(removed_at__gt=timezone.now() - UNDO_WITHIN)


class Address(models.Model):
    """Where to deliver."""

    wagtail_reference_index_ignore = True

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="addresses")
    public_id = models.CharField(max_length=16, unique=True, editable=False, default=new_public_id)
    label = models.CharField(_("name of the address"), max_length=60, blank=True)
    city = models.CharField(_("city"), max_length=100)
    street = models.CharField(_("street and house"), max_length=200)
    apartment = models.CharField(_("apartment or office"), max_length=60, blank=True)
    postcode = models.CharField(_("postcode"), max_length=10, blank=True)
    note = models.CharField(_("for the courier"), max_length=300, blank=True)
    added_at = models.DateTimeField(editable=False, default=timezone.now)
    removed_at = models.DateTimeField(editable=False, null=True, db_index=True)
    version = models.PositiveIntegerField(editable=False, default=0)

    objects: ClassVar[Any] = AddressQuerySet.as_manager()

    class Meta:
        ordering = [F("added_at").desc(), "-pk"]
        verbose_name = _("delivery address")
        verbose_name_plural = _("delivery addresses")

    def __str__(self) -> str:
        return self.public_id

    @property
    def line(self) -> str:
        """Return the address in one line, as a letter or a courier would have it."""
        parts = (self.postcode, self.city, self.street, self.apartment)
        return ", ".join(part for part in parts if part)


class EmailChange(models.Model):
    """A changed sign-in address, which the owner of the old one may take back."""

    wagtail_reference_index_ignore = True

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="email_changes")
    old_email = models.EmailField(_("old e-mail"))
    new_email = models.EmailField(_("new e-mail"))
    token_sha256 = models.CharField(
        max_length=64, unique=True
    )  # of the link in the letter, which nobody here can read back
    changed_at = models.DateTimeField(_("changed"), default=timezone.now)
    undone_at = models.DateTimeField(_("taken back"), null=True)

    class Meta:
        ordering = ["-changed_at"]
        verbose_name = _("change of e-mail")
        verbose_name_plural = _("changes of e-mail")

    def __str__(self) -> str:
        return str(self.pk)

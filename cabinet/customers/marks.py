"""The marks under which a person stands in receipts and in the audit log: their own, and those they had as a guest."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class GuestMark(models.Model):
    """The mark of a guest who turned out to be this customer; what was sealed under it stays so."""

    wagtail_reference_index_ignore = True

    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="guest_marks")
    subject = models.UUIDField(_("mark that stood for you as a guest"), unique=True)
    claimed_at = models.DateTimeField(_("known to be yours"), default=timezone.now)

    class Meta:
        default_permissions = ()
        verbose_name = _("mark of a guest")
        verbose_name_plural = _("marks of guests")

    def __str__(self) -> str:
        return str(self.pk)


def marks_of(account_pk: Any) -> Q:
    """Return the condition on a field `subject` that it is one of the account's marks; it costs no query of its own."""
    from cabinet.customers.models import Customer

    own = Customer.objects.filter(user=account_pk).values("subject")
    return Q(subject__in=own) | Q(subject__in=GuestMark.objects.filter(customer__user=account_pk).values("subject"))


def subjects_of(customer: Any) -> list[UUID]:
    """Return the customer's own mark, then those they had as a guest; one query."""
    return [customer.subject, *customer.guest_marks.order_by("pk").values_list("subject", flat=True)]

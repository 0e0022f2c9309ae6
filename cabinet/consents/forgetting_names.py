"""The names that open receipts go with the customer: they bear a mark and no foreign key the database could follow."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import pre_delete
from django.dispatch import receiver

from cabinet.consents.ledger import SignedName
from cabinet.customers.marks import marks_of
from cabinet.customers.models import Customer


@receiver(pre_delete, sender=Customer, dispatch_uid="consents.forget_names")
def forget_names(sender: Any, instance: Customer, **kwargs: Any) -> None:
    """Delete what led from the receipts of this customer to a name."""
    SignedName.objects.filter(marks_of(instance.user_id)).delete()

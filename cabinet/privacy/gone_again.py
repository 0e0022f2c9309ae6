"""What is marked while it happens, and done again after a restore: withdrawals, unsubscriptions, deleted fields.

The rooms themselves know nothing of it: they record what happened, as they do anyhow, and this room listens.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction

from cabinet.audit.recording import follow, record
from cabinet.consents.consenting import BY_STAFF, withdraw
from cabinet.consents.purposes import NEWS
from cabinet.customers.actions import lock
from cabinet.customers.models import Customer
from cabinet.privacy.tombstone_file import Mark
from cabinet.privacy.tombstones import replays, write
from cabinet.register.values import is_empty

BY_SOFTWARE = "tombstones"  # in place of the public id of staff, which may be gone
EMPTIED = ("first_name", "last_name", "birth_date", "phone", "postal_address")


@follow("consents.consent.withdrawn")
def mark_withdrawal(subject: UUID, told: dict[str, Any]) -> None:
    """Mark a consent that ended."""
    said = {name: told[name] for name in ("purpose", "medium", "channel") if name in told}
    if "purpose" in said:
        write("unsubscribe" if said["purpose"] in NEWS else "withdrawal", subject, calmly=True, **said)


@replays("withdrawal")
@replays("unsubscribe")
def withdraw_again(mark: Mark, subject: str) -> None:
    """End the consent once more, as of the day on which it ended."""
    customer = Customer.objects.get(subject=subject)
    by = BY_SOFTWARE if mark.what.get("channel") in BY_STAFF else ""
    withdraw(customer=customer, recorded_by=by, at=mark.at, **mark.what)


@follow("customers.profile.changed")
def mark_emptied(subject: UUID, told: dict[str, Any]) -> None:
    """Mark what a customer has emptied in the profile."""
    changed = [name for name in EMPTIED if name in told.get("fields", ())]
    customer = Customer.objects.filter(subject=subject).first() if changed else None
    for name in changed:
        if customer and is_empty(customer, name):
            write("field", subject, calmly=True, model="customers.Customer", field=name)


@follow("customers.address.removed")
def mark_removed(subject: UUID, told: dict[str, Any]) -> None:
    """Mark an address that a customer took away."""
    if "address" in told:
        write("field", subject, calmly=True, model="customers.Address", row=told["address"])


@follow("customers.address.restored")
def mark_restored(subject: UUID, told: dict[str, Any]) -> None:
    """Mark that the customer took that back."""
    if "address" in told:
        write("field", subject, calmly=True, model="customers.Address", row=told["address"], back=True)


@replays("field")
@transaction.atomic
def delete_again(mark: Mark, subject: str) -> None:
    """Empty the field, or take away the address, once more."""
    customer = lock(Customer.objects.get(subject=subject))
    if mark.what["model"] == "customers.Address":
        removed_at = None if mark.what.get("back") else mark.at
        customer.addresses.filter(public_id=mark.what["row"]).update(removed_at=removed_at)
        return
    field: Any = Customer._meta.get_field(mark.what["field"])
    if is_empty(customer, field.name):
        return
    setattr(customer, field.name, field.get_default())
    customer.version += 1
    customer.save(update_fields=[field.name, "version"])
    record("customers.profile.changed", subject=customer.subject, fields=[field.name])

"""Delivery addresses come and go: each deed locks the customer's row first and leaves its trace."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from cabinet.audit.recording import record
from cabinet.customers.models import Address, Customer
from cabinet.customers.told_shop import tell_of_change

MOST_ADDRESSES = 20  # more than anybody has; a bound for whoever posts without end


class TooManyAddresses(Exception):
    """There are as many addresses as one customer may have."""


class AccountClosed(Exception):
    """The account is closed for good; nothing new is kept of this person."""


def lock(customer: Customer) -> Customer:
    """Return the customer's row, locked for this transaction; every action takes it before anything else.

    For what keeps something new of the person there is `lock_open`.
    """
    return Customer.objects.select_for_update().get(pk=customer.pk)


def lock_open(customer: Customer) -> Customer:
    """Return the customer's row, locked, for whatever keeps something new of them.

    Raise AccountClosed where the account is closed: nothing comes of who is being erased (trust.md, i3, i4).
    """
    found = Customer.objects.select_for_update().filter(pk=customer.pk).first()
    # The account is read after the lock: joined to it, PostgreSQL would show it as it was before we waited.
    if found is None or not found.user.is_active:
        raise AccountClosed
    return found


@transaction.atomic
def add_address(*, customer: Customer, given: dict[str, Any]) -> Address:
    """Return the new address, or the same one when it stands there already; raise TooManyAddresses, AccountClosed."""
    lock_open(customer)
    same = customer.addresses.present().filter(**given).first()
    if same:  # a doubled click
        return same
    if customer.addresses.present().count() >= MOST_ADDRESSES:
        raise TooManyAddresses
    address: Address = Address.objects.create(customer=customer, **given)
    _trace(address, "added")
    return address


@transaction.atomic
def remove_address(*, address: Address) -> None:
    """Take the address away; for a short while this can be undone. Twice does no harm."""
    lock(address.customer)
    if Address.objects.present().filter(pk=address.pk).update(removed_at=timezone.now()):
        _trace(address, "removed")


@transaction.atomic
def restore_address(*, address: Address) -> None:
    """Undo the removal; raise TooManyAddresses when others have taken its place, AccountClosed."""
    lock_open(address.customer)
    if address.customer.addresses.present().count() >= MOST_ADDRESSES:
        raise TooManyAddresses
    if Address.objects.undoable().filter(pk=address.pk).update(removed_at=None):
        _trace(address, "restored")


def _trace(address: Address, deed: str) -> None:
    tell_of_change(address.customer, ["addresses"])
    subject, actor = address.customer.subject, address.customer.user.public_id
    record(f"customers.address.{deed}", subject=subject, actor=actor, address=address.public_id)

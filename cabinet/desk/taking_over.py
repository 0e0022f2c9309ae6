"""Somebody wrote to the shop without an account, under the address of one that is erased: that goes with it."""

from __future__ import annotations

from typing import Any

from cabinet.customers.models import Customer
from cabinet.desk.models import Request
from cabinet.privacy.erasing import also
from cabinet.privacy.traces import addresses_of


@also
def take_over(erasure: Any, customer: Customer) -> None:
    """Give the account what bears its addresses and is nobody's, so that its erasure finds it. Twice does no harm."""
    known = {*addresses_of(customer.user), erasure.told.get("email", "")} - {""}
    Request.objects.filter(customer=None, email__in=known).update(customer=customer)

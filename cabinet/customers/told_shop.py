"""What the shop engine hears of customers: that something changed and its name, never what stands there now."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from cabinet.customers.models import Customer
from cabinet.exchange.handlers import Data
from cabinet.exchange.sending import send, sends

Changed = Literal["first_name", "last_name", "birth_date", "phone", "postal_address", "language", "email", "addresses"]


@sends("customer.updated")
class CustomerUpdated(Data):
    """A customer corrected something.

    Who carries out an open order of theirs looks the new value up in the admin, where it is noted that they did.
    """

    subject: UUID  # the pseudonym, by which they are called when they are erased
    customer: str  # the public id
    changed: list[Changed]


@sends("customer.erased", is_owed=True)
class CustomerErased(Data):
    """A customer was erased. Erase what is kept under this pseudonym, and what came with it, unless the law keeps it.

    Nothing but the pseudonym is told, and it leads to nobody here any more.
    """

    subject: UUID


def tell_of_change(customer: Customer, changed: list[str]) -> None:
    """Have the shop engine told which fields of the customer were changed."""
    told = {"subject": customer.subject, "customer": customer.public_id, "changed": changed}
    send("customer.updated", told, customer.subject)

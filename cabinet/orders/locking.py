"""Who waits for whom: first the number of an order, then the customer, then the order (DECISIONS.md, 59)."""

from __future__ import annotations

from hashlib import sha256

from django.db import OperationalError, connection

from cabinet.customers.models import Customer
from cabinet.orders.models import Order


class ChangedMeanwhile(OperationalError):
    """Somebody claimed or erased what this was about while it waited; nothing was changed, so come again."""


def alone_with(source: str, number: str) -> None:
    """Wait until nobody else tells of this order, there or not, and keep others waiting until the transaction ends."""
    if connection.vendor == "postgresql":  # SQLite has one writer anyhow
        key = int.from_bytes(sha256(f"orders {source} {number}".encode()).digest()[:8], "big", signed=True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])


def locked_order(source: str, number: str) -> Order | None:
    """Return the order, its customer's row locked before its own; None where it is not known yet."""
    found = Order.objects.filter(source=source, number=number).values("pk", "customer").first()
    if found is None:
        return None
    if found["customer"] and not locked_customer(found["customer"]):
        raise ChangedMeanwhile
    order: Order = Order.objects.select_for_update().get(pk=found["pk"])
    if order.customer_id != found["customer"]:
        raise ChangedMeanwhile
    return order


def locked_customer(pk: int) -> Customer | None:
    """Return the customer's row, locked; None where they are gone."""
    found: Customer | None = Customer.objects.select_for_update().filter(pk=pk).first()
    return found

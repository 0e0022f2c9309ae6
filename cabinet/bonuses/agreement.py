"""Whether somebody agreed to a bonus account: without that nothing is credited to it (94-V, art. 8)."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import Exists, QuerySet

from cabinet.consents.ledger import ConsentReceipt
from cabinet.customers.models import Customer
from cabinet.register.categories import Purpose


def agrees(customer: Customer) -> bool:
    """Say whether the customer's consent to bonuses holds; one query."""
    return bool(_consents(customer).exists())


def balance_and_consent(customer: Customer) -> tuple[Decimal, bool]:
    """Return how many bonuses there are, and whether the consent holds; one query for both."""
    found = Customer.objects.filter(pk=customer.pk).annotate(agrees=Exists(_consents(customer)))
    balance, holds = found.values_list("bonus_account__balance", "agrees").get()
    return balance or Decimal(0), bool(holds)


def _consents(customer: Customer) -> QuerySet[ConsentReceipt]:
    found: QuerySet[ConsentReceipt] = ConsentReceipt.objects.of(customer.subject).in_force()
    return found.filter(purpose=Purpose.BONUSES)

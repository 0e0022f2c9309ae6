"""What somebody wrote without an account, or staff wrote down for them, goes with the account that is erased."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from cabinet.audit.forgetting import forget
from cabinet.audit.recording import follow
from cabinet.customers.models import Customer
from cabinet.desk.models import Request
from cabinet.orders.locking import locked_customer
from cabinet.privacy.looking_for import spellings
from cabinet.privacy.taking_part import also
from cabinet.privacy.traces import addresses_of

TEXTS = ("name", "email", "text", "answer")


@follow("orders.orders.claimed")
def go_along(subject: UUID, told: dict[str, Any]) -> None:
    """Give who takes an order over what was asked about it: they see it, and it goes when they do."""
    asked = Request.objects.filter(customer=None, order__customer__subject=subject)
    asked.update(customer=Customer.objects.get(subject=subject), subject=subject)


@also
@transaction.atomic
def take_over(erasure: Any, customer: Customer) -> None:
    """Give the account what is nobody's and bears its addresses, is about its orders, or tells of its person.

    Of a request that still waits, words alone do not say whose it is; once it is answered, whatever the re-scan would
    find goes. Twice does no harm.
    """
    if locked_customer(customer.pk) is None:
        return
    emails = {*addresses_of(customer.user), erasure.told.get("email", "")} - {""}
    tells = Q(answered_at__isnull=False) & _tells_of(erasure.told.get("looked_for", []))
    theirs = Request.objects.filter(Q(email__in=emails) | Q(order__customer=customer) | tells, customer=None)
    for mark in list(theirs.values_list("subject", flat=True)):
        forget(mark)  # why staff read it may name the person
    theirs.update(customer=customer, subject=customer.subject)


def _tells_of(looked_for: list[str]) -> Q:
    words = {word for value in looked_for if value for word in spellings(value)}
    each = [Q(**{f"{text}__contains": word}) for text in TEXTS for word in sorted(words)]
    return reduce(or_, each, Q(pk__in=[]))

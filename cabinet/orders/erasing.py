"""Whoever is erased stays so for the shop engines, which may tell of them later."""

from __future__ import annotations

from django.db import transaction

from cabinet.customers import linking
from cabinet.customers.actions import lock
from cabinet.customers.linking import OURS
from cabinet.customers.marks import subjects_of
from cabinet.customers.models import Customer, EngineLink


@transaction.atomic
def mark_erased(customer: Customer) -> int:
    """Have whatever a shop engine still tells of the customer put aside without their data; return the marks made.

    Marked are the engines' numbers for the person and our own marks of them. Call it under the customer's lock, before
    the first order is emptied. Twice does no harm.
    """
    known = lock(customer)
    for mark in subjects_of(known):
        EngineLink.objects.get_or_create(source=OURS, external_id=str(mark), defaults={"customer": known})
    return linking.mark_erased(known)

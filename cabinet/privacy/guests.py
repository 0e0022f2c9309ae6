"""Whoever a shop engine knows and we do not: they go with the last of their orders."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from cabinet.orders.models import Guest, Order
from cabinet.privacy.terms import InBatches, own_rules
from cabinet.register.categories import register
from cabinet.register.holds import Keeps, holds

CATEGORY = "orders.people"
# An order may come so long after what the shop engine told of the person, as late as orders are waited for elsewhere.
WAITED_FOR = timedelta(days=90)


def without_orders(at: datetime) -> QuerySet[Any]:
    """Return the guests of whom no order tells that is carried out or held.

    They are not marked as erased: nobody asked for that, and they may order again.
    """
    held = Q(ended_at=None)
    for hold in holds.over(register.by_key[CATEGORY], Keeps.WHOLE):
        held |= Q(pk__in=hold.rows(at).values("pk"))
    told_of = Order.objects.filter(held, guest=OuterRef("pk"))
    return Guest.objects.filter(Q(told_at=None) | Q(told_at__lte=at - WAITED_FOR), ~Exists(told_of))


def _lock(rows: QuerySet[Any], at: datetime) -> None:
    list(rows.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True))  # an order may come just now


own_rules.append(InBatches(CATEGORY, "orders.Guest", without_orders, lock=_lock))

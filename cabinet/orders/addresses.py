"""The address of an order's page: its number, and behind “~” the shop where two of a customer's have the same."""

from __future__ import annotations

import re
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404
from django.urls import reverse

from cabinet.orders.events import NUMBER
from cabinet.orders.models import Order

PARTING = "~"  # no number has one
IS_NUMBER = re.compile(NUMBER)


def with_namesakes(orders: QuerySet[Any]) -> QuerySet[Any]:
    """Add to each order whether an earlier one of the same customer bears its number; by an index."""
    earlier = Order.objects.filter(customer=OuterRef("customer"), number=OuterRef("number"), pk__lt=OuterRef("pk"))
    return orders.annotate(has_namesake=Exists(earlier))


def address_of(order: Any) -> str:
    """Return where an order that came through `with_namesakes` is shown."""
    named = f"{order.number}{PARTING}{order.source}" if order.has_namesake else order.number
    return reverse("order", args=[named])


def own_order(customer: Any, address: str) -> Order:
    """Return this customer's order at an address; anybody else's is a 404."""
    number, _parting, source = address.partition(PARTING)
    if not IS_NUMBER.match(number) or "\0" in source:
        raise Http404
    found = Order.objects.of(customer).filter(number=number, **({"source": source} if source else {}))
    order: Order | None = found.select_related("person", "consent").order_by("pk").first()
    if order is None:
        raise Http404
    return order

"""A customer with very many orders, and the plan by which the database finds rows among them."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection
from django.utils import timezone

from cabinet.orders.models import Line, Order, OrderPerson, Placed, Status, Step


def many_orders(customer, count, begin=0, **fields):
    """Make so many delivered orders with two lines, a step and a person each, an hour apart."""
    now = timezone.now()
    facts = {"customer": customer, "subject": customer.subject if customer else None} if customer else {}
    orders = Order.objects.bulk_create(
        (
            Order(
                **facts,
                source="shop",
                number=f"M-{begin + number}",
                placed_by=Placed.ENGINE,
                placed_at=now - timedelta(hours=begin + number),
                **{"status": Status.DELIVERED, "status_at": now, "ended_at": now, "delivered_at": now, **fields},
                tax_until=now + timedelta(days=1800),
                total=100,
            )
            for number in range(count)
        ),
        batch_size=500,
    )
    lines = ((order, place) for order in orders for place in range(2))
    cost = {"quantity": 1, "price": 50, "cost": 50}
    Line.objects.bulk_create((Line(order=o, position=p, name="Fish", **cost) for o, p in lines), batch_size=500)
    Step.objects.bulk_create((Step(order=o, status="delivered", occurred_at=now) for o in orders), batch_size=500)
    people = (OrderPerson(order=o, name="Aigerim", email="aigerim@customer.example") for o in orders)
    OrderPerson.objects.bulk_create(people, batch_size=500)
    return orders


def plan_of(queryset):
    """Return how the database would find the rows, in its own words."""
    return queryset.explain()


def analyse():
    """Tell the database how many rows there are."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")

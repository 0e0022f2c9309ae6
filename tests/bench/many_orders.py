"""A customer with very many orders, as a shop has them: lines, steps, the person behind each, refunds of some."""

from __future__ import annotations

import time
from datetime import timedelta
from decimal import Decimal
from typing import Any

FIRST = 1000  # orders that are written one by one; the others are their copies, written by the database
NAME, SURNAME, PHONE, STREET = "Айгерім", "Сейтқали", "+77015550142", "проспект Абая, 150"
YEARS = 7  # over which the orders are spread: the papers of the oldest are past the tax office's term
TURN = "-0-"  # in the numbers of the first ones
REFUNDED = 50  # one order in so many has a refund that was paid


def customer_with(count: int) -> Any:
    """Return a new customer with so many orders, all of them delivered long ago; a multiple of FIRST where more."""
    from django.db import transaction

    from cabinet.customers.models import Address, Customer, User

    user = User.objects.create_user(f"rows-{count}-{time.time_ns()}@customer.example")
    customer = Customer.objects.create(user=user, language="ru", first_name=NAME, last_name=SURNAME, phone=PHONE)
    Address.objects.create(customer=customer, city="Алматы", street=STREET)
    with transaction.atomic():
        made = _orders(customer, min(count, FIRST), count)
        if count > FIRST:
            _multiply(made, count // FIRST)
    return customer


def counted() -> None:
    """Let PostgreSQL count what was written, as its autovacuum does within minutes."""
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _orders(customer: Any, count: int, whole: int) -> dict[Any, list[Any]]:
    """Make the first ones of the whole, and return what was made by model."""
    from cabinet.orders.models import Line, Order, OrderPerson, Refund, RefundDetails, Step

    made: list[Any] = Order.objects.bulk_create(_order(customer, number, whole) for number in range(count))
    people = OrderPerson.objects.bulk_create(
        OrderPerson(
            order=each,
            name=(f"{NAME} {SURNAME}", SURNAME, f"{SURNAME} {NAME}")[each.pk % 3],
            phone=PHONE,
            email=customer.user.email,
            city="Алматы",
            street=STREET,
            apartment=str(each.pk % 90),
        )
        for each in made
    )
    lines = Line.objects.bulk_create(
        Line(order=each, position=place, name=f"Товар {each.pk % 700}", quantity=1, price=2400, cost=2400)
        for each in made
        for place in (1, 2)
    )
    steps = Step.objects.bulk_create(
        Step(order=each, status=status, occurred_at=at)
        for each in made
        for status, at in (("placed", each.placed_at), ("delivered", each.ended_at))
    )
    refunds = Refund.objects.bulk_create(
        Refund(order=each, amount=10, reason="Rang about a jar", state="paid") for each in made[::REFUNDED]
    )
    details = RefundDetails.objects.bulk_create(RefundDetails(refund=refund, sealed="sealed") for refund in refunds)
    return {Order: made, OrderPerson: people, Line: lines, Step: steps, Refund: refunds, RefundDetails: details}


def _order(customer: Any, number: int, count: int) -> Any:
    from django.utils import timezone

    from cabinet.orders.models import Order
    from cabinet.orders.terms import tax_until

    placed = timezone.now() - timedelta(days=60) - timedelta(days=365 * YEARS) / count * number
    ended = placed + timedelta(days=2)
    return Order(
        customer=customer,
        subject=customer.subject,
        source="site",
        number=f"{customer.pk}{TURN}{number:04}",
        placed_by="site",
        placed_at=placed,
        status="delivered",
        status_at=ended,
        delivered_at=ended,
        ended_at=ended,
        objections_until=ended + timedelta(days=14),
        tax_until=tax_until(placed),
        total=Decimal(4800 + number % 900),
    )


# Copies of them ------------------------------------------------------------------------------------------------------


def _multiply(made: dict[Any, list[Any]], times: int) -> None:
    """Write so many times as many, one statement a model; keys, numbers and times are told apart by the turn.

    Keys go with the time, as where orders are taken as they come.
    """
    from django.db import connection

    quote = connection.ops.quote_name
    spans = {model: max(row.pk for row in rows) - min(row.pk for row in rows) + 1 for model, rows in made.items()}
    with connection.cursor() as cursor:
        for model, rows in made.items():
            columns = {quote(f.column): _copied(f, quote(f.column), spans, times) for f in model._meta.concrete_fields}
            table = quote(model._meta.db_table)
            cursor.execute(
                f"INSERT INTO {table} ({', '.join(columns)})"
                f" WITH RECURSIVE turns(turn) AS (SELECT 1 UNION ALL SELECT turn + 1 FROM turns WHERE turn < %s)"
                f" SELECT {', '.join(columns.values())} FROM {table}, turns WHERE id BETWEEN %s AND %s",
                [times - 1, min(row.pk for row in rows), max(row.pk for row in rows)],
            )
        for statement in connection.ops.sequence_reset_sql(_no_style(), list(made)):
            cursor.execute(statement)


def _copied(field: Any, column: str, spans: dict[Any, int], times: int) -> str:
    from django.db.models import DateTimeField

    model = field.model if field.primary_key else field.related_model if field.is_relation else None
    if model in spans:
        return f"{column} + turn * {spans[model]}"
    if field.name == "public_id":
        return f"'{field.model._meta.model_name[0]}' || (id + turn * {spans[field.model]})"
    if field.name == "tax_until":  # the end of a year
        return _earlier(column, f"turn * {YEARS} / {times}", "years")
    if isinstance(field, DateTimeField):
        return _earlier(column, f"turn * {365 * 86_400 * YEARS // times}", "seconds")
    return f"replace({column}, '{TURN}', '-' || turn || '-')" if field.name == "number" else column


def _earlier(column: str, count: str, unit: str) -> str:
    from django.db import connection

    if connection.vendor == "sqlite":
        return f"strftime('%%Y-%%m-%%d %%H:%%M:%%f000', {column}, '-' || ({count}) || ' {unit}')"
    return f"{column} - make_interval({'secs' if unit == 'seconds' else unit} => {count})"


def _no_style() -> Any:
    from django.core.management.color import no_style

    return no_style()

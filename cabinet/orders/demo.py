"""Orders of the demo's customers: Aigerim's and Boris' by hand, a believable few for each of the crowd."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from cabinet.consents.ledger import ConsentReceipt
from cabinet.customers.demo_customers import SEED
from cabinet.customers.models import Customer
from cabinet.orders.demo_goods import GOODS, Good
from cabinet.orders.models import Line, Order, OrderPerson, Placed, Refund, Status, Step
from cabinet.orders.money import rounded
from cabinet.orders.steps import reached
from cabinet.orders.terms import objections_until, tax_until
from cabinet.register.categories import Purpose

SOURCE = "shop"
DELIVERY = Decimal(1500)
FREE_FROM = Decimal(30000)  # tenge; from here on delivery costs nothing
WAY = (Status.CONFIRMED, Status.PACKED, Status.SHIPPED, Status.DELIVERED)
# After the order: confirmed in minutes, packed within hours, on its way the next morning, there by the evening.
AFTER = dict(
    zip(WAY, (timedelta(minutes=12), timedelta(hours=5), timedelta(hours=21), timedelta(hours=30)), strict=True)
)


@dataclass(frozen=True)
class DemoOrder:
    """An order as the demo knows it."""

    number: str
    age: timedelta
    status: Status
    lines: tuple[tuple[Good, Decimal], ...]
    placed_by: Placed = Placed.ENGINE
    refunded: bool = False


def days(count: int) -> timedelta:
    """Return so many days and a part of one, so that nothing happens at the very hour of loading."""
    return timedelta(days=count, hours=3, minutes=17)


def good(place: int, quantity: str = "1") -> tuple[Good, Decimal]:
    """Return so much of a thing of the shop."""
    return GOODS[place], Decimal(quantity)


OWN = {
    "aigerim@kelisim.example": (
        DemoOrder("24118", days(1), Status.SHIPPED, (good(0, "2"), good(15), good(17))),
        DemoOrder("24051", days(6), Status.DELIVERED, (good(5, "0.820"), good(6, "0.450"), good(14, "3"))),
        DemoOrder("23677", days(48), Status.RETURNED, (good(10, "2"),), refunded=True),
        DemoOrder("22904", days(190), Status.DELIVERED, (good(3), good(16, "2")), Placed.PHONE),
        DemoOrder("21560", days(410), Status.DELIVERED, (good(12, "1.200"), good(13, "0.900"))),
        DemoOrder("20233", days(700), Status.CANCELLED, (good(2),)),
        DemoOrder("11042", days(2400), Status.DELIVERED, (good(4, "4"), good(8, "1.500"))),
    ),
    "boris@kelisim.example": (DemoOrder("24102", days(3), Status.DELIVERED, (good(9, "0.600"), good(14))),),
}


@transaction.atomic
def load_orders() -> int:
    """Make the orders of demo customers that are missing; return how many were made. Twice changes nothing."""
    customers = list(Customer.objects.filter(user__is_demo=True).select_related("user").prefetch_related("addresses"))
    wanted = [(customer, each) for customer in customers for each in _orders_of(customer)]
    numbers = [each.number for _customer, each in wanted]
    there = set(Order.objects.filter(source=SOURCE, number__in=numbers).values_list("number", flat=True))
    missing = [pair for pair in wanted if pair[1].number not in there]
    _make(missing, _receipts(customers), timezone.now())
    return len(missing)


def _orders_of(customer: Customer) -> Iterator[DemoOrder]:
    if customer.user.email in OWN:
        yield from OWN[customer.user.email]
        return
    chance = random.Random(f"{SEED} orders {customer.user.email}")  # noqa: S311  (no secret)
    place = int("".join(sign for sign in customer.user.email if sign.isdigit()) or 0)
    for count in range(chance.choice((0, 1, 1, 2, 2, 3, 3, 4, 6))):
        yield _some_order(chance, f"{50000 + place * 10 + count}")


def _some_order(chance: random.Random, number: str) -> DemoOrder:
    age = timedelta(minutes=chance.randrange(60, 700 * 24 * 60))
    ended = chance.choices((Status.DELIVERED, Status.CANCELLED, Status.RETURNED), (17, 2, 1))[0]
    status = ended if age > timedelta(days=3) else chance.choice((Status.PLACED, *WAY[:3]))
    return DemoOrder(
        number, age, status, tuple(_some_line(chance) for _line in range(chance.choice((1, 1, 2, 2, 3, 4))))
    )


def _some_line(chance: random.Random) -> tuple[Good, Decimal]:
    thing = chance.choice(GOODS)
    return thing, Decimal(chance.randrange(200, 1800, 50)) / 1000 if thing.weighed else Decimal(
        chance.choice((1, 1, 1, 2, 3))
    )


def _receipts(customers: list[Customer]) -> dict[Any, ConsentReceipt]:
    found = ConsentReceipt.objects.in_force().filter(
        purpose=Purpose.ORDER, subject__in=[customer.subject for customer in customers]
    )
    return {receipt.subject: receipt for receipt in found}


def _make(missing: list[tuple[Customer, DemoOrder]], receipts: dict[Any, ConsentReceipt], now: datetime) -> None:
    orders = Order.objects.bulk_create(_order(customer, each, receipts, now) for customer, each in missing)
    made = [(order, customer, each) for order, (customer, each) in zip(orders, missing, strict=True)]
    Line.objects.bulk_create(line for order, _customer, each in made for line in _lines(order, each))
    Step.objects.bulk_create(step for order, _customer, each in made for step in _steps(order, each))
    OrderPerson.objects.bulk_create(_person(order, customer) for order, customer, _each in made)
    Refund.objects.bulk_create(_refund(order) for order, _customer, each in made if each.refunded)


def _order(customer: Customer, each: DemoOrder, receipts: dict[Any, ConsentReceipt], now: datetime) -> Order:
    placed_at = now - each.age
    found = reached(placed_at, _course(each, placed_at))
    goods = sum(_cost(*line) for line in each.lines)
    delivery = DELIVERY if goods < FREE_FROM else Decimal(0)
    ends = (
        objections_until(found.delivered_at, [thing.product_class for thing, _q in each.lines])
        if found.delivered_at
        else None
    )
    return Order(
        customer=customer,
        subject=customer.subject,
        source=SOURCE,
        number=each.number,
        placed_by=each.placed_by,
        placed_at=placed_at,
        status=found.status,
        status_at=found.since,
        delivered_at=found.delivered_at,
        ended_at=found.ended_at,
        objections_until=ends,
        tax_until=tax_until(placed_at),
        delivery_cost=delivery,
        total=goods + delivery,
        consent=receipts.get(customer.subject),
        call_reference=f"K-{each.number}" if each.placed_by == Placed.PHONE else "",
    )


def _course(each: DemoOrder, placed_at: datetime) -> list[tuple[str, datetime]]:
    if each.status == Status.CANCELLED:
        return [(Status.CANCELLED, placed_at + timedelta(hours=2))]
    last = WAY.index(each.status) if each.status in WAY else len(WAY) - 1
    passed: list[tuple[str, datetime]] = [(status, placed_at + AFTER[status]) for status in WAY[: last + 1]]
    if each.status == Status.PLACED:
        return []
    return [*passed, (Status.RETURNED, placed_at + timedelta(days=4))] if each.status == Status.RETURNED else passed


def _cost(thing: Good, quantity: Decimal) -> Decimal:
    return rounded(thing.cost_of_one * quantity)


def _lines(order: Order, each: DemoOrder) -> Iterator[Line]:
    for position, (thing, quantity) in enumerate(each.lines):
        facts = {"name": thing.name, "sku": thing.sku, "product_class": thing.product_class}
        cost = _cost(thing, quantity)
        yield Line(order=order, position=position, quantity=quantity, price=thing.cost_of_one, cost=cost, **facts)


def _steps(order: Order, each: DemoOrder) -> Iterator[Step]:
    for status, at in _course(each, order.placed_at):
        yield Step(order=order, status=status, occurred_at=at, told_at=at)


def _person(order: Order, customer: Customer) -> OrderPerson:
    facts = {"name": customer.full_name, "phone": customer.phone, "email": customer.user.email}
    home = next(iter(customer.addresses.all()), None)
    where = {name: getattr(home, name) for name in ("city", "street", "apartment", "postcode")} if home else {}
    return OrderPerson(order=order, language=customer.language, **facts, **where)


def _refund(order: Order) -> Refund:
    asked = order.placed_at + timedelta(days=4, hours=1)
    paid = {"state": Refund.State.PAID, "requested_at": asked, "settled_at": asked + timedelta(days=2)}
    return Refund(order=order, reference=f"R-{order.number}", amount=order.total, reason="returned", **paid)

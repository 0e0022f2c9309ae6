"""Bonuses of the demo: Aigerim's and Boris's told one by one, the crowd's by chance, the same at every loading."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from cabinet.bonuses.models import Account, Kind, Movement
from cabinet.customers.demo_customers import SEED
from cabinet.customers.models import Customer

SOURCE = "demo"
VALID = timedelta(days=365)  # bonus rules, edition 2


@dataclass(frozen=True)
class Told:
    """A movement of the demo."""

    days_ago: int
    kind: Kind
    amount: int
    reason: str
    order: str = ""
    valid: int | None = None  # days from the crediting; None: a year


BIRTHDAY = -1  # in place of days: on the last one
OWN = {  # the numbers are those of the demo's orders; rates and terms, those of its bonus rules
    "aigerim@kelisim.example": (
        Told(408, Kind.ACCRUED, 289, "Тапсырыс үшін", "21560"),
        Told(340, Kind.ACCRUED, 300, "Пікіріңіз үшін рақмет"),
        Told(BIRTHDAY, Kind.ACCRUED, 1000, "Туған күніңізбен!"),
        Told(188, Kind.ACCRUED, 206, "Тапсырыс үшін", "22904"),
        Told(48, Kind.SPENT, -200, "Тапсырыстың бір бөлігін төлеу", "23677"),
        Told(43, Kind.EXPIRED, -89, "Жарамдылық мерзімі өтті"),
        Told(40, Kind.ACCRUED, 200, "Тапсырыс қайтарылды, жұмсалған бонустар қайта есептелді", "23677", valid=70),
        Told(6, Kind.SPENT, -150, "Тапсырыстың бір бөлігін төлеу", "24051"),
    ),
    "boris@kelisim.example": (
        Told(150, Kind.ACCRUED, 300, "Спасибо за отзыв"),
        Told(BIRTHDAY, Kind.ACCRUED, 1000, "С днём рождения!"),
        Told(3, Kind.SPENT, -250, "Оплата части заказа", "24102"),
    ),
}
REASONS = {"kk": ("Тапсырыс үшін", "Тапсырыстың бір бөлігін төлеу"), "ru": ("За заказ", "Оплата части заказа")}


@transaction.atomic
def load_bonuses() -> int:
    """Make the movements where they are missing, and the balances they come to; return how many were made."""
    customers = Customer.objects.filter(user__is_demo=True).exclude(bonus_movements__source=SOURCE)
    movements = [each for customer in customers.select_related("user") for each in _movements(customer)]
    Movement.objects.bulk_create(movements)
    sums = Movement.objects.filter(customer__in={each.customer_id for each in movements}).order_by()
    Account.objects.bulk_create(
        (Account(customer_id=pk, balance=sum_) for pk, sum_ in sums.values_list("customer").annotate(Sum("amount"))),
        update_conflicts=True,
        unique_fields=["customer"],
        update_fields=["balance"],
    )
    return len(movements)


def _movements(customer: Customer) -> Iterator[Movement]:
    chance = random.Random(f"{SEED} bonuses {customer.user.email}")  # noqa: S311  (no secret)
    now = timezone.now()
    for number, told in enumerate(OWN.get(customer.user.email) or _by_chance(chance, customer.language)):
        days = _since_birthday(customer, now) if told.days_ago == BIRTHDAY else told.days_ago
        at = now - timedelta(days=days, minutes=chance.randrange(600))
        term = VALID if told.valid is None else timedelta(days=told.valid)
        yield Movement(
            customer=customer,
            kind=told.kind,
            amount=Decimal(told.amount),
            reason=told.reason,
            order_number=told.order,
            occurred_at=at,
            expires_at=at + term if told.amount > 0 else None,
            source=SOURCE,
            event_id=f"{customer.user.public_id}-{number}",
        )


def _since_birthday(customer: Customer, now: datetime) -> int:
    today, born = timezone.localdate(now), customer.birth_date
    if born is None:  # somebody took it out of the demo
        return 100
    this_year = today.replace(month=born.month, day=min(born.day, 28))
    return (today - (this_year if this_year <= today else this_year.replace(year=today.year - 1))).days


def _by_chance(chance: random.Random, language: str) -> list[Told]:
    for_order, paid = REASONS[language]
    days = sorted((chance.randrange(20, 360) for _each in range(chance.randrange(1, 5))), reverse=True)
    came = [Told(day, Kind.ACCRUED, chance.randrange(60, 1800, 15), for_order) for day in days]
    if len(came) < 3:
        return came
    return [*came, Told(chance.randrange(1, 20), Kind.SPENT, -chance.randrange(30, came[0].amount, 15), paid)]

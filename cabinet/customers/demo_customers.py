"""Customers of the demo: Aigerim and Boris in full, and a crowd for lists, the same at every loading."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from cabinet.customers.demo_names import CITIES, GIVEN, NOTES, STREETS, SURNAMES
from cabinet.customers.models import Address, Customer, User

CROWD = 200
SEED = 94  # the number of the law on personal data; any would do
# Kazakhstan sets no numbers aside for fiction. 76x stands in its plan for other services than telephones of people
# (those have 70x, 74x and 77x), and subscribers' numbers there that begin with 000 are not known to be given out.
PHONE = "+7763000{:04d}"


@dataclass(frozen=True)
class DemoCustomer:
    """What the shop knows of a customer of the demo."""

    birth_date: date
    phone: str
    postal_address: str
    language: str
    addresses: tuple[dict[str, str], ...]


OWN = {
    "aigerim@kelisim.example": DemoCustomer(
        date(1991, 3, 22),
        PHONE.format(1),
        "050010, Алматы, Достық даңғылы, 91, 14-пәтер",
        "kk",
        (
            {
                "label": "Үй",
                "city": "Алматы",
                "street": "Достық даңғылы, 91",
                "apartment": "14",
                "postcode": "050010",
                "note": "Домофон 14, көлік ауладан кіреді.",
            },
            {
                "label": "Жұмыс",
                "city": "Алматы",
                "street": "Абай даңғылы, 52",
                "apartment": "304-кеңсе",
                "postcode": "050008",
                "note": "Сағат 18-ге дейін.",
            },
        ),
    ),
    "boris@kelisim.example": DemoCustomer(
        date(1978, 11, 5),
        PHONE.format(2),
        "100008, Караганда, улица Гоголя, 34, квартира 7",
        "ru",
        (
            {
                "label": "Дом",
                "city": "Караганда",
                "street": "улица Гоголя, 34",
                "apartment": "7",
                "postcode": "100008",
                "note": "Позвонить за полчаса.",
            },
        ),
    ),
}


def load_own(user: User, first_name: str, last_name: str) -> None:
    """Give a demo account its customer, where it has none yet."""
    if Customer.objects.filter(user=user).exists():
        return
    known = OWN[user.email]
    customer = Customer.objects.create(
        user=user,
        first_name=first_name,
        last_name=last_name,
        birth_date=known.birth_date,
        phone=known.phone,
        postal_address=known.postal_address,
        language=known.language,
    )
    Address.objects.bulk_create(Address(customer=customer, **address) for address in known.addresses)


@transaction.atomic
def load_crowd() -> int:
    """Make the crowd where it is missing; nobody can sign in as one of them. Return how many were made."""
    people = [person(random.Random(f"{SEED} {number}"), number) for number in range(CROWD)]  # noqa: S311  (no secret)
    there = set(User.objects.filter(email__in=[each["email"] for each in people]).values_list("email", flat=True))
    missing = [each for each in people if each["email"] not in there]
    users = User.objects.bulk_create(_account(each) for each in missing)
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users
    )
    pairs = zip(users, missing, strict=True)
    customers = Customer.objects.bulk_create(Customer(user=user, **each["customer"]) for user, each in pairs)
    Address.objects.bulk_create(
        Address(customer=customer, **address)
        for customer, each in zip(customers, missing, strict=True)
        for address in each["addresses"]
    )
    return len(missing)


def _account(each: dict[str, Any]) -> User:
    return User(
        email=each["email"],
        password=make_password(None),
        is_demo=True,
        date_joined=each["customer"]["created_at"],
    )


def person(chance: random.Random, number: int) -> dict[str, Any]:
    """Return one of the crowd: what stands in the account, in the customer, and where to deliver."""
    kind = chance.choice(("kk f", "kk f", "kk m", "kk m", "ru f", "ru m"))
    (first_name, first), (last_name, last) = chance.choice(GIVEN[kind]), chance.choice(SURNAMES[kind])
    language = "kk" if kind.startswith("kk") and chance.random() < 0.6 else "ru"
    places = [place(chance, language) for _home in range(chance.choice((0, 1, 1, 1, 2, 2, 3)))]
    return {
        "email": f"{first}.{last}{number:03d}@kelisim.example",
        "customer": {
            "first_name": first_name,
            "last_name": last_name,
            "birth_date": birth_date(chance),
            "phone": PHONE.format(100 + number) if chance.random() < 0.9 else "",
            "postal_address": _in_one_line(places) if chance.random() < 0.3 else "",
            "language": language,
            "created_at": joined(chance),
        },
        "addresses": places,
    }


def birth_date(chance: random.Random) -> date | None:
    """Return a day on which somebody of 18 to 80 may have been born; not everybody tells."""
    born = date(1945, 1, 1) + timedelta(days=chance.randrange(62 * 365))
    return born if chance.random() < 0.7 else None


def joined(chance: random.Random) -> datetime:
    """Return a moment within the last two years."""
    return timezone.now() - timedelta(minutes=chance.randrange(2 * 365 * 24 * 60))


def place(chance: random.Random, language: str) -> dict[str, str]:
    """Return a delivery address in a city of Kazakhstan, in the words of the language."""
    at = 0 if language == "kk" else 1
    city = chance.choice(CITIES)
    house, door = chance.randrange(1, 180), chance.randrange(1, 120)
    return {
        "label": chance.choice((("Үй", "Жұмыс", ""), ("Дом", "Работа", ""))[at]),
        "city": city[at],
        "street": f"{chance.choice(STREETS)[at]}, {house}",
        "apartment": str(door) if chance.random() < 0.8 else "",
        "postcode": city[2],
        "note": chance.choice(NOTES)[at],
    }


def _in_one_line(places: Sequence[dict[str, str]]) -> str:
    return ", ".join(f"{each['postcode']}, {each['city']}, {each['street']}" for each in places[:1])

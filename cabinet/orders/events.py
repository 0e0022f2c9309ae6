"""What a shop engine tells of orders, as it must look; a field that nobody declared is refused."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from phonenumber_field.phonenumber import to_python
from pydantic import BeforeValidator, Field, WithJsonSchema

from cabinet.customers.models import normalise_email
from cabinet.customers.plain_text import made_plain
from cabinet.exchange.handlers import Data, Moment

CURRENCY = "KZT"
MOST_LINES = 1000  # a body of 256 KB holds no more
AMOUNT = re.compile(r"-?\d{1,12}(\.\d{1,2})?", re.ASCII)
QUANTITY = re.compile(r"-?\d{1,9}(\.\d{1,3})?", re.ASCII)
# Stands in an address of the cabinet, where “~” parts it from the source.
NUMBER = r"^[0-9A-Za-zА-Яа-яЁёӘәҒғҚқҢңӨөҰұҮүҺһІі][0-9A-Za-zА-Яа-яЁёӘәҒғҚқҢңӨөҰұҮүҺһІі._-]{0,39}$"


def amount(value: Any) -> Decimal:
    """Return a sum of money; raise ValueError for what is none."""
    if not (isinstance(value, str) and AMOUNT.fullmatch(value)):
        raise ValueError('An amount is a text such as "12500.50": a point and at most two places.')
    if value.startswith("-"):
        raise ValueError("An amount is not below zero.")
    return Decimal(value)


def quantity(value: Any) -> Decimal:
    """Return how much of something; raise ValueError for what is none."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not (isinstance(text, str) and QUANTITY.fullmatch(text)):
        raise ValueError('A quantity is a text such as "2" or "0.250": at most three places.')
    if Decimal(text) <= 0:
        raise ValueError("A quantity is more than zero.")
    return Decimal(text)


def email(value: Any) -> Any:
    """Return an address in its one spelling; raise ValueError for what is none."""
    if not isinstance(value, str) or not value:
        return value
    try:
        validate_email(normalise_email(value))
    except ValidationError:
        raise ValueError("This is no e-mail address.") from None
    return normalise_email(value)


def phone(value: Any) -> Any:
    """Return a number as the whole world dials it; raise ValueError for what is none."""
    if not isinstance(value, str) or not value:
        return value
    number = to_python(value[:100], region="KZ")
    if not (number and number.is_valid()):
        raise ValueError("This is no telephone number. Write it with its code: +77011234567.")
    return number.as_e164


def line(value: Any) -> Any:
    """Return a line of text without what cannot be seen."""
    return made_plain(value) if isinstance(value, str) else value


def note(value: Any) -> Any:
    """Return text of several lines without what cannot be seen."""
    return made_plain(value, note=True) if isinstance(value, str) else value


def currency(value: Any) -> Any:
    """Return the one currency there is; raise ValueError for another."""
    if value != CURRENCY:
        raise ValueError(f"Sums are in {CURRENCY} alone.")
    return value


Money = Annotated[
    Decimal, BeforeValidator(amount), WithJsonSchema({"type": "string", "pattern": r"^\d{1,12}(\.\d{1,2})?$"})
]
Quantity = Annotated[
    Decimal, BeforeValidator(quantity), WithJsonSchema({"type": "string", "pattern": r"^\d{1,9}(\.\d{1,3})?$"})
]
Currency = Annotated[str, BeforeValidator(currency), WithJsonSchema({"type": "string", "const": CURRENCY})]
Email = Annotated[str, BeforeValidator(email), Field(max_length=254)]
Phone = Annotated[str, BeforeValidator(phone), Field(max_length=100)]
Number = Annotated[str, Field(pattern=NUMBER)]
StatusName = Literal["placed", "confirmed", "packed", "shipped", "delivered", "returned", "cancelled"]


Line10 = Annotated[str, BeforeValidator(line), Field(max_length=10)]
Line40 = Annotated[str, BeforeValidator(line), Field(max_length=40)]
Line60 = Annotated[str, BeforeValidator(line), Field(max_length=60)]
Line100 = Annotated[str, BeforeValidator(line), Field(max_length=100)]
Line200 = Annotated[str, BeforeValidator(line), Field(max_length=200)]
Note = Annotated[str, BeforeValidator(note), Field(max_length=1000)]


class CustomerTold(Data):
    """Who ordered: the shop engine's number for the person, and our mark of them where it was told one."""

    id: Annotated[str, Field(min_length=1, max_length=100)]
    subject: UUID | None = None


class ContactTold(Data):
    """To whom the order goes, as they said when they placed it."""

    name: Annotated[str, BeforeValidator(line), Field(max_length=301)] = ""
    phone: Phone = ""
    email: Email = ""
    language: Literal["ru", "kk", "en"] = "ru"


class AddressTold(Data):
    """Where the order goes."""

    city: Line100 = ""
    street: Line200 = ""
    apartment: Line60 = ""
    postcode: Line10 = ""


class LineTold(Data):
    """One thing of an order: cost = quantity × price - discount, rounded to two places."""

    name: Annotated[str, BeforeValidator(line), Field(min_length=1, max_length=300)]
    sku: Line60 = ""
    product_class: Line40 = ""
    quantity: Quantity
    price: Money
    discount: Money = Decimal(0)
    cost: Money


class ConsentTold(Data):
    """That the person agreed when ordering: to the text of this hash, or to the policy's edition of this number."""

    given: Literal[True]
    text_sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    edition: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None
    at: Moment | None = None


class OrderTold(Data):
    """An order, whole: total = costs of the lines + delivery_cost - discount. Sums are texts, in KZT."""

    number: Number
    placed_at: Moment
    currency: Currency
    lines: Annotated[list[LineTold], Field(min_length=1, max_length=MOST_LINES)]
    delivery_cost: Money = Decimal(0)
    discount: Money = Decimal(0)
    total: Money
    customer: CustomerTold | None = None
    contact: ContactTold = ContactTold()
    address: AddressTold = AddressTold()
    note: Note = ""


class OrderPlaced(OrderTold):
    """An order was placed. The customer's number makes it theirs once they have said in the cabinet that it is."""

    placed_at: Moment | None = None  # type: ignore[assignment]  # None: when the event occurred
    consent: ConsentTold | None = None


class OrderChanged(OrderTold):
    """An order was changed: what is told takes the place of goods, sums and person, unless something later has."""


class StatusChanged(Data):
    """An order reached a status. Told late it takes its place in time; `previous` must not be farther on."""

    number: Number
    status: StatusName
    previous: StatusName | None = None


class OrderReached(Data):
    """An order was delivered, returned or cancelled."""

    number: Number


class RefundTold(Data):
    """Money is to be paid back, or was."""

    number: Number
    reference: Annotated[str, BeforeValidator(line), Field(min_length=1, max_length=60)]
    amount: Money
    currency: Currency = CURRENCY
    reason: Literal["returned", "damaged", "missing", "cancelled", "price", "other"] = "other"


class CustomerLinked(Data):
    """The shop engine knows a person by this number, and has verified e-mail or phone itself.

    The number leads to nobody here until a customer with the same verified e-mail says in the cabinet: that is me.
    """

    id: Annotated[str, Field(min_length=1, max_length=100)]
    email: Email = ""
    phone: Phone = ""

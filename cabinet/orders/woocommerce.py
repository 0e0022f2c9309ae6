"""WooCommerce's webhooks in our words. A shop connects by a key of the source `woocommerce` alone (docs/integrator.md).

Field names are those of WooCommerce's REST API v3 (orders, customers). Its sums are before tax; ours are what one pays.
"""

from __future__ import annotations

import hmac
import re
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import ROUND_CEILING, Decimal
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from pydantic import BaseModel, ConfigDict, ValidationError

from cabinet.exchange.handlers import Refused
from cabinet.exchange.mappings import Translated, maps
from cabinet.exchange.reading import object_of
from cabinet.orders import events
from cabinet.orders.events import NUMBER
from cabinet.orders.money import CENT, rounded

SOURCE = "woocommerce"
# What WooCommerce asks when a webhook is made, unsigned, to see whether somebody is there.
PING = re.compile(rb"webhook_id=\d{1,20}")
NOUGHT = Decimal(0)
# A failed payment may be tried again, so such an order is not over; cancel it in WooCommerce to end it.
STATUSES = {
    "pending": "placed",
    "on-hold": "placed",
    "failed": "placed",
    "processing": "confirmed",
    "completed": "delivered",
    "cancelled": "cancelled",
    "trash": "cancelled",
    "refunded": "returned",
    **{name: name for name in ("packed", "shipped", "delivered", "returned")},  # what plugins add most often
}
NOT_YET = {"auto-draft", "checkout-draft"}
CONSENT = "kelisim_consent"  # meta_data of an order: hash of the consent's text, or number of the policy's edition


class Part(BaseModel):
    """Some fields of what WooCommerce sends; the others do not matter here."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)


class Place(Part):
    """An address of WooCommerce."""

    first_name: str = ""
    last_name: str = ""
    address_1: str = ""
    address_2: str = ""
    city: str = ""
    postcode: str = ""
    email: str = ""
    phone: str = ""


class Item(Part):
    """A line of an order, or a fee."""

    name: str = ""
    sku: str | None = ""
    tax_class: str = ""
    quantity: Decimal = Decimal(1)
    subtotal: Decimal | None = None
    subtotal_tax: Decimal = NOUGHT
    total: Decimal
    total_tax: Decimal = NOUGHT

    @property
    def cost(self) -> Decimal:
        """Return what one pays for all of it."""
        return rounded(self.total + self.total_tax)

    @property
    def full_cost(self) -> Decimal:
        """Return the same before discounts."""
        before = self.cost if self.subtotal is None else rounded(self.subtotal + self.subtotal_tax)
        return max(before, self.cost)


class Back(Part):
    """A refund of an order; its total is below zero."""

    id: int
    total: Decimal


class Meta(Part):
    """Something that a plugin noted."""

    key: str = ""
    value: Any = None


class Order(Part):
    """An order of WooCommerce."""

    id: int
    number: str
    status: str
    currency: str
    date_created_gmt: datetime
    date_modified_gmt: datetime
    date_completed_gmt: datetime | None = None
    shipping_total: Decimal = NOUGHT
    shipping_tax: Decimal = NOUGHT
    total: Decimal
    customer_id: int = 0
    customer_note: str = ""
    billing: Place = Place()
    shipping: Place = Place()
    line_items: list[Item]
    fee_lines: list[Item] = []
    refunds: list[Back] = []
    meta_data: list[Meta] = []


class Customer(Part):
    """A customer of WooCommerce."""

    id: int
    email: str = ""
    date_created_gmt: datetime | None = None
    date_modified_gmt: datetime | None = None
    billing: Place = Place()


@maps(SOURCE)
class WooCommerce:
    """Checks WooCommerce's signature and translates its topics."""

    def verify(self, request: HttpRequest, secrets: Sequence[str]) -> bool:
        """Say whether one of the secrets signed the body, or it is the question whether somebody is there."""
        if PING.fullmatch(request.body) and "X-WC-Webhook-Signature" not in request.headers:
            return True  # it says nothing, so it needs nobody's signature
        told = request.headers.get("X-WC-Webhook-Signature", "").encode()
        return any(hmac.compare_digest(signature(secret, request.body), told) for secret in secrets)

    def translate(self, headers: Mapping[str, str], body: bytes) -> list[tuple[str, str, datetime, dict[str, Any]]]:
        """Return the events of one delivery; none for a topic that does not matter here."""
        if PING.fullmatch(body):
            return []
        topic, delivery = headers.get("X-WC-Webhook-Topic", ""), headers.get("X-WC-Webhook-Delivery-ID", "")
        make = TOPICS.get(topic)
        if not delivery:
            raise Refused("X-WC-Webhook-Delivery-ID", "Say the id of the delivery.")
        return list(make(delivery, object_of(body))) if make else []


def signature(secret: str, body: bytes) -> bytes:
    """Return what WooCommerce signs a body with."""
    return b64encode(hmac.digest(secret.encode(), body, sha256))


def order_told(delivery: str, body: dict[str, Any]) -> Iterator[Translated]:
    """Return an order with its status and its refunds."""
    order = read(Order, body)
    if order.status in NOT_YET:
        return
    number, changed = number_of(order.number), moment(order.date_modified_gmt)
    # Each delivery tells the whole order, so the first to arrive makes it and the latest change stands.
    yield Translated(f"{delivery}:order", "order.placed", changed, data_of(order, number))
    status = STATUSES.get(order.status.removeprefix("wc-"))
    if status and status != "placed":
        at = moment(order.date_completed_gmt) if status == "delivered" and order.date_completed_gmt else changed
        yield Translated(f"{delivery}:status", "order.status_changed", at, {"number": number, "status": status})
    for back in order.refunds:
        refund = {"number": number, "reference": str(back.id), "amount": str(rounded(abs(back.total)))}
        yield Translated(f"{delivery}:refund-{back.id}", "refund.paid", changed, refund)


def order_deleted(delivery: str, body: dict[str, Any]) -> Iterator[Translated]:
    """Return that nothing comes of an order; WooCommerce tells its id alone."""
    gone = {"number": number_of(str(body.get("id", "")))}
    yield Translated(f"{delivery}:order", "order.cancelled", timezone.now(), gone)


def customer_told(delivery: str, body: dict[str, Any]) -> Iterator[Translated]:
    """Return by which e-mail and phone WooCommerce knows somebody."""
    customer = read(Customer, body)
    known = {"id": str(customer.id), "email": email_of(customer.email), "phone": phone_of(customer.billing.phone)}
    changed = customer.date_modified_gmt or customer.date_created_gmt
    yield Translated(f"{delivery}:customer", "customer.linked", moment(changed) if changed else timezone.now(), known)


def customer_deleted(delivery: str, body: dict[str, Any]) -> Iterator[Translated]:
    """Return nothing: whoever leaves the shop still has the orders here, and erases them here."""
    yield from ()


TOPICS = {
    "order.created": order_told,
    "order.updated": order_told,
    "order.restored": order_told,
    "order.deleted": order_deleted,
    "customer.created": customer_told,
    "customer.updated": customer_told,
    "customer.deleted": customer_deleted,
}


def data_of(order: Order, number: str) -> dict[str, Any]:
    """Return an order as order.placed has it."""
    lines = [line_of(item) for item in order.line_items]
    lines += [line_of(fee) for fee in order.fee_lines if fee.cost > 0]
    delivery, total = rounded(order.shipping_total + order.shipping_tax), rounded(order.total)
    # Fees below zero are discounts on the whole; so is what rounding took, and what it added is delivery.
    rest = total - sum((Decimal(line["cost"]) for line in lines), delivery)
    home = order.shipping if order.shipping.address_1 else order.billing
    data = {
        "number": number,
        "placed_at": moment(order.date_created_gmt).isoformat(),
        "currency": order.currency,
        "lines": lines,
        "delivery_cost": str(delivery + max(rest, NOUGHT)),
        "discount": str(max(-rest, NOUGHT)),
        "total": str(total),
        "contact": contact_of(order.billing, home),
        "address": {
            "city": home.city,
            "street": home.address_1,
            "apartment": home.address_2,
            "postcode": home.postcode,
        },
        "note": order.customer_note,
    }
    if order.customer_id:
        data["customer"] = {"id": str(order.customer_id)}
    return {**data, **consent_of(order)}


def line_of(item: Item) -> dict[str, str]:
    """Return a line; the price of one is rounded up, so that a discount is never below zero."""
    if item.quantity <= 0:
        raise Refused("line_items", "A quantity is more than zero.")
    price = (item.full_cost / item.quantity).quantize(CENT, ROUND_CEILING)
    discount = rounded(item.quantity * price) - item.cost
    return {
        "name": item.name or item.sku or "-",
        "sku": item.sku or "",
        "product_class": item.tax_class,
        "quantity": f"{item.quantity.normalize():f}",
        "price": str(price),
        "discount": str(discount),
        "cost": str(item.cost),
    }


def contact_of(billing: Place, home: Place) -> dict[str, str]:
    """Return to whom an order goes; what is no number or address is left out, for an order is worth more."""
    name = f"{home.first_name or billing.first_name} {home.last_name or billing.last_name}".strip()
    phone = phone_of(home.phone) or phone_of(billing.phone)
    return {"name": name, "phone": phone, "email": email_of(billing.email), "language": settings.LANGUAGE_CODE}


def consent_of(order: Order) -> dict[str, Any]:
    """Return the consent that a plugin noted; nothing where none did."""
    told = next((str(meta.value) for meta in order.meta_data if meta.key == CONSENT), "")
    if re.fullmatch(r"[0-9a-f]{64}", told):
        return {"consent": {"given": True, "text_sha256": told}}
    return {"consent": {"given": True, "edition": int(told)}} if re.fullmatch(r"[1-9]\d{0,8}", told, re.ASCII) else {}


def email_of(text: str) -> str:
    """Return an e-mail address; empty for what is none."""
    try:
        return str(events.email(text))
    except ValueError:
        return ""


def phone_of(text: str) -> str:
    """Return a number as the whole world dials it; empty for what is none."""
    try:
        return str(events.phone(text))
    except ValueError:
        return ""


def number_of(text: str) -> str:
    """Return an order's number without signs that an address cannot have; raise Refused where nothing is left."""
    number = re.sub(r"[^\w.-]+", "-", text.strip().lstrip("#№ "))[:40].strip("-._")
    if not re.match(NUMBER, number):
        raise Refused("number", "An order has a number of letters and digits.")
    return number


def moment(at: datetime) -> datetime:
    """Return a moment with its zone; WooCommerce leaves out that its `…_gmt` are in UTC."""
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def read(model: type[Any], body: dict[str, Any]) -> Any:
    """Return what a body says; raise Refused, naming the field, for what WooCommerce does not send."""
    try:
        return model.model_validate(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        raise Refused(".".join(map(str, first["loc"])), first["msg"]) from None

"""A WooCommerce shop connects by a key alone: signature, topics, sums, statuses, refunds, and who ordered."""

from __future__ import annotations

import base64
import copy
import hashlib
import hmac
import json

import pytest
from django.test import Client

from cabinet.consents.models import ConsentReceipt
from cabinet.exchange import keys
from cabinet.orders.models import Guest, Order, Refund
from tests.cabinet.consents.conftest import policy, shop  # noqa: F401 (fixtures)

HOOKS = "/api/v1/hooks/woocommerce/"
PLACED = {
    "id": 727,
    "parent_id": 0,
    "number": "727",
    "order_key": "wc_order_58d2d042d1d",
    "status": "processing",
    "currency": "KZT",
    "date_created": "2026-03-02T14:30:00",
    "date_created_gmt": "2026-03-02T09:30:00",
    "date_modified_gmt": "2026-03-02T09:30:08",
    "discount_total": "1000.00",
    "shipping_total": "1500.00",
    "shipping_tax": "0.00",
    "total": "49500.00",
    "prices_include_tax": False,
    "customer_id": 26,
    "customer_note": "Call first",
    "billing": {
        "first_name": "Aigerim",
        "last_name": "A.",
        "address_1": "Abai, 10",
        "address_2": "14",
        "city": "Almaty",
        "postcode": "050010",
        "country": "KZ",
        "email": "Aigerim@Customer.example",
        "phone": "8 (701) 123-45-67",
    },
    "shipping": {"first_name": "", "last_name": "", "address_1": "", "city": "", "postcode": "", "country": ""},
    "payment_method": "kaspi",
    "meta_data": [{"id": 13106, "key": "_download_permissions_granted", "value": "yes"}],
    "line_items": [
        {
            "id": 315,
            "name": "Икра осетровая, 50 г",
            "product_id": 93,
            "quantity": 2,
            "tax_class": "",
            "subtotal": "43750.00",
            "subtotal_tax": "5250.00",
            "total": "42857.14",
            "total_tax": "5142.86",
            "sku": "CAV-50",
            "price": 21428.57,
        }
    ],
    "shipping_lines": [{"id": 317, "method_title": "Courier", "total": "1500.00"}],
    "fee_lines": [],
    "coupon_lines": [{"id": 318, "code": "spring", "discount": "1000.00"}],
    "refunds": [],
}


class Woo:
    """Sends webhooks as WooCommerce does."""

    def __init__(self):
        self.secret = keys.make("woocommerce", ["order.*", "customer.*", "refund.*"])[1]
        self.count = 0

    def send(self, topic, payload, **headers):
        """Post one delivery; the answer."""
        body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        self.count += 1
        signed = base64.b64encode(hmac.new(self.secret.encode(), body, hashlib.sha256).digest()).decode()
        told = {
            "X-WC-Webhook-Signature": signed,
            "X-WC-Webhook-Topic": topic,
            "X-WC-Webhook-Delivery-ID": f"d{self.count}",
            **headers,
        }
        return Client().post(HOOKS, body, "application/json", headers={k: v for k, v in told.items() if v})


@pytest.fixture
def woo(database):
    keys.look_again()
    return Woo()


def changed(**facts):
    return {**copy.deepcopy(PLACED), **facts}


def test_an_order_is_taken_with_its_status_goods_and_person(woo):
    answer = woo.send("order.created", PLACED)
    assert answer.status_code == 200, answer.content
    order = Order.objects.get()
    assert (order.source, order.number, order.status, order.total) == ("woocommerce", "727", "confirmed", 49500)
    line = order.lines.get()
    assert (line.price, line.discount, line.cost, line.quantity) == (24500, 1000, 48000, 2)
    assert (order.delivery_cost, order.discount) == (1500, 0)
    person = order.person
    assert (person.name, str(person.phone), person.email) == ("Aigerim A.", "+77011234567", "aigerim@customer.example")
    assert (person.street, person.apartment, person.note) == ("Abai, 10", "14", "Call first")
    assert order.guest.external_id == "26"


@pytest.mark.parametrize(
    ("status", "ours"),
    [
        ("pending", "placed"),
        ("on-hold", "placed"),
        ("failed", "placed"),
        ("processing", "confirmed"),
        ("completed", "delivered"),
        ("cancelled", "cancelled"),
        ("refunded", "returned"),
        ("wc-shipped", "shipped"),
        ("somebodys-own", "placed"),
    ],
)
def test_each_status_has_its_word(woo, status, ours):
    assert woo.send("order.updated", changed(status=status)).status_code == 200
    assert Order.objects.get().status == ours


def test_a_completed_order_begins_the_period_for_objections_when_it_was_completed(woo):
    woo.send("order.updated", changed(status="completed", date_completed_gmt="2026-03-04T06:00:00"))
    order = Order.objects.get()
    assert order.delivered_at.isoformat() == "2026-03-04T06:00:00+00:00" and order.objections_until


def test_a_payment_that_failed_can_still_come(woo):
    woo.send("order.updated", changed(status="failed"))
    woo.send("order.updated", changed(status="processing", date_modified_gmt="2026-03-02T10:00:00"))
    assert Order.objects.get().status == "confirmed"


def test_an_older_delivery_that_comes_late_changes_nothing(woo):
    woo.send("order.updated", changed(customer_note="Later", date_modified_gmt="2026-03-03T10:00:00"))
    woo.send("order.created", PLACED)
    assert Order.objects.get().person.note == "Later"


def test_refunds_are_money_paid_back_once(woo):
    back = [{"id": 726, "reason": "", "total": "-10.00"}, {"id": 724, "reason": "broken", "total": "-9.00"}]
    for _time in range(2):
        assert woo.send("order.updated", changed(refunds=back)).status_code == 200
    assert list(Refund.objects.order_by("amount").values_list("reference", "amount", "state")) == [
        ("724", 9, "paid"),
        ("726", 10, "paid"),
    ]


def test_fees_below_zero_are_a_discount_and_roundings_are_nobodys_fault(woo):
    fees = [{"name": "Wrapping", "total": "500.00"}, {"name": "Bonus", "total": "-700.00", "total_tax": "0"}]
    assert woo.send("order.created", changed(fee_lines=fees, total="49299.99")).status_code == 200
    order = Order.objects.get()
    assert (str(order.discount), order.lines.count()) == ("700.01", 2)


def test_a_deleted_order_is_cancelled(woo):
    woo.send("order.created", PLACED)
    woo.send("order.deleted", {"id": 727})
    assert Order.objects.get().status == "cancelled"


def test_a_customer_is_known_by_number_and_email_and_leads_to_nobody(woo):
    customer = {"id": 26, "email": "Aigerim@customer.example", "date_modified_gmt": "2026-03-01T09:30:00"}
    customer |= {"billing": PLACED["billing"], "username": "aigerim", "role": "customer", "avatar_url": "https://x"}
    assert woo.send("customer.updated", customer).status_code == 200
    guest = Guest.objects.get()
    assert (guest.external_id, guest.email) == ("26", "aigerim@customer.example")
    assert woo.send("customer.deleted", {"id": 26}).status_code == 200


def test_a_consent_that_a_plugin_noted_is_a_receipt(woo, shop):  # noqa: F811
    woo.send("order.created", changed(meta_data=[{"id": 1, "key": "kelisim_consent", "value": "1"}]))
    assert Order.objects.get().consent == ConsentReceipt.objects.get()


def test_the_ping_of_a_new_webhook_is_answered(woo):
    answer = Client().post(HOOKS, b"webhook_id=42", "application/x-www-form-urlencoded")
    assert (answer.status_code, Order.objects.exists()) == (200, False)


def test_other_topics_do_not_matter(woo):
    assert woo.send("product.updated", {"id": 1}).status_code == 200


@pytest.mark.parametrize("wrong", ["", "bm9wZQ==", "каша"])
def test_s15_who_does_not_know_the_secret_is_not_heard(woo, wrong):
    told = {"X-WC-Webhook-Signature": wrong} if wrong.isascii() else {"X-WC-Webhook-Signature": "%%%"}
    assert woo.send("order.created", PLACED, **told).status_code == 401
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    "facts",
    [
        {"currency": "USD"},
        {"line_items": [{"name": "x", "quantity": 0, "total": "1"}]},
        {"line_items": "none"},
        {"total": "much"},
        {"number": "///"},
        {"date_created_gmt": "yesterday"},
    ],
)
def test_what_woocommerce_does_not_send_is_refused_by_its_field(woo, facts):
    answer = woo.send("order.created", changed(**facts))
    assert answer.status_code == 422, answer.content
    assert not Order.objects.exists()

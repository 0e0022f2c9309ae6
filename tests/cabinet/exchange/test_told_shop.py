"""What the shop engine hears of a customer: which consent, which field; no name, no address, no number of a phone."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from cabinet.customers import actions
from cabinet.customers.kept_below import told_of
from cabinet.customers.models import Customer
from cabinet.exchange.models import Delivery, Endpoint
from cabinet.exchange.sending import owed, send, sent
from cabinet.exchange.signing import new_secret
from tests.conftest import signed_in

TYPES = ["customer.updated", "customer.erased", "consent.given", "consent.withdrawn"]


@pytest.fixture
def told(db):
    """What an address that listens to everything will hear."""
    endpoint = Endpoint(url="https://shop.example/hooks", types=TYPES)
    endpoint.secret = new_secret()
    endpoint.save()

    def what():
        return [(one.type, json.loads(one.body)["data"]) for one in Delivery.objects.order_by("pk")]

    return what


def of(user):
    customer = Customer.objects.get(user=user)
    return {"subject": str(customer.subject), "customer": customer.public_id}


def test_these_types_are_declared():
    assert set(TYPES) <= set(sent) and "customer.erased" in owed


def test_a_changed_profile_is_told_by_the_names_of_its_fields(told, aigerim):
    posted = {"first_name": "Айгерім", "last_name": "", "language": "kk", "version": "0"}
    assert signed_in(aigerim).post("/ru/cabinet/profile/", posted).status_code == 302
    assert told() == [("customer.updated", {**of(aigerim), "changed": ["first_name", "language"]})]


def test_addresses_that_come_and_go_are_told_without_the_addresses(told, aigerim):
    customer = Customer.objects.get(user=aigerim)
    address = actions.add_address(customer=customer, given={"city": "Алматы", "street": "Абая, 1"})
    actions.remove_address(address=address)
    actions.restore_address(address=address)
    posted = {"city": "Астана", "street": "Абая, 1", "version": "0"}
    assert signed_in(aigerim).post(f"/ru/cabinet/addresses/{address.public_id}/", posted).status_code == 302
    assert told() == [("customer.updated", {**of(aigerim), "changed": ["addresses"]})] * 4


def test_another_email_is_told_without_the_email(told, aigerim, timur):
    from cabinet.customers import email_changes

    path = email_changes.offer_undo(aigerim, old_email="a@customer.example", new_email="b@customer.example")
    email_changes.undo(path.rstrip("/").rpartition("/")[2])
    email_changes.offer_undo(timur, old_email="a@kelisim.example", new_email="b@kelisim.example")  # staff are nobody's
    assert told() == [("customer.updated", {**of(aigerim), "changed": ["email"]})] * 2


def test_of_the_person_nothing_is_kept_but_that_they_are_erased(told, aigerim):
    customer = Customer.objects.get(user=aigerim)
    actions.add_address(customer=customer, given={"city": "Алматы", "street": "Абая, 1"})
    send("customer.erased", {"subject": customer.subject}, customer.subject)
    assert [one.type for one in told_of(aigerim)] == ["customer.updated"]


def test_my_data_names_what_was_told(told, aigerim):
    customer = Customer.objects.get(user=aigerim)
    actions.add_address(customer=customer, given={"city": "Алматы", "street": "Абая, 1"})
    with_it = signed_in(aigerim).get(reverse("my_data"))
    assert with_it.status_code == 200 and "customer.updated" in with_it.text

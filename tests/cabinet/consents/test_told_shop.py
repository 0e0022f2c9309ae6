"""The shop engine hears of each consent that was given or withdrawn, once."""

from __future__ import annotations

import json

import pytest

from cabinet.consents.consenting import unsubscribe, withdraw
from cabinet.exchange.models import Delivery, Endpoint
from cabinet.exchange.signing import new_secret


@pytest.fixture
def listening(database):
    endpoint = Endpoint(url="https://shop.example/hooks", types=["consent.given", "consent.withdrawn"])
    endpoint.secret = new_secret()
    endpoint.save()


def told():
    return [(one.type, one.subject, json.loads(one.body)["data"]) for one in Delivery.objects.order_by("pk")]


def test_each_change_is_told_once_with_the_number_of_its_receipt(listening, agree, aigerim):
    given = agree(aigerim, "bonuses")
    agree(aigerim, "bonuses")
    ended = withdraw(customer=aigerim.customer, purpose="bonuses")
    withdraw(customer=aigerim.customer, purpose="bonuses")
    assert [(type_, data["receipt"]) for type_, _subject, data in told()] == [
        ("consent.given", given.public_id),
        ("consent.withdrawn", ended.public_id),
    ]
    _type, subject, data = told()[0]
    customer = aigerim.customer
    assert subject == customer.subject and data["subject"] == str(subject) and data["customer"] == customer.public_id
    assert set(data) == {"subject", "customer", "purpose", "medium", "receipt", "at"}


def test_one_click_out_of_all_news_is_told_for_each(listening, agree, aigerim):
    for topic in ("news.assortment", "news.prices"):
        agree(aigerim, topic, "email")
    unsubscribe(customer=aigerim.customer)
    ended = [(data["purpose"], data["medium"]) for type_, _subject, data in told() if type_ == "consent.withdrawn"]
    assert ended == [("news.assortment", "email"), ("news.prices", "email")]

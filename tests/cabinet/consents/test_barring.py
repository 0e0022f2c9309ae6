"""Withdrawing what an open order bars: refused with reason and date, remembered, carried out by itself."""

from __future__ import annotations

import pytest
from django.utils import timezone
from django.utils.translation import override

from cabinet.consents.barring import carry_out_withdrawals
from cabinet.consents.models import ConsentReceipt, PendingWithdrawal, Recipient
from cabinet.orders.models import Order
from cabinet.register.holds import holds
from tests.cabinet.privacy import people


@pytest.fixture
def given(shop, agree, aigerim):
    Recipient.objects.create(name="Courier LLP", purpose_ru="доставка", purpose_kk="жеткізу", purpose_en="delivery")
    agree(aigerim, "transfer")
    return people.order(aigerim.customer, "A-1", ended=None)


def end(client):
    return client.post("/ru/cabinet/consents/answer/", {"consent": "transfer:", "answer": "no"}, follow=True)


def test_it_is_refused_with_the_order_and_remembered_once(given, customer_client, delivered):
    for _click in range(2):
        assert "A-1" in end(customer_client).text
    assert PendingWithdrawal.objects.count() == 1 and ConsentReceipt.objects.in_force().exists()
    assert ["A-1" in letter.body for letter in delivered()] == [True]


def test_the_refusal_and_the_letter_say_why_and_by_which_law(given, customer_client, delivered):
    hold = holds.by_key["orders.being_carried_out"]
    with override("ru"):
        why, law = str(hold.why), hold.law_name
    page = " ".join(end(customer_client).text.split())
    (letter,) = delivered()
    assert why in page and law in page
    assert why in " ".join(letter.body.split())


def test_it_is_carried_out_by_itself_when_the_order_has_ended(given, customer_client, delivered):
    end(customer_client)
    assert carry_out_withdrawals() == 0
    Order.objects.update(ended_at=timezone.now(), status="cancelled")
    assert carry_out_withdrawals() == 1 and carry_out_withdrawals() == 0
    assert not ConsentReceipt.objects.in_force().exists() and not PendingWithdrawal.objects.exists()
    assert len(delivered()) == 2


def test_what_nothing_bars_ends_at_once(given, customer_client):
    Order.objects.update(ended_at=timezone.now(), status="cancelled")
    end(customer_client)
    assert not ConsentReceipt.objects.in_force().exists() and not PendingWithdrawal.objects.exists()

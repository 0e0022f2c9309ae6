"""Colleagues who click in the same moment: different orders, one number each, one order for one form."""

from __future__ import annotations

import threading
from decimal import Decimal

import pytest
from django.db import connection

from cabinet.orders.models import Assignment, Order
from cabinet.orders.phone_orders import take_order
from cabinet.orders.phone_script import script
from cabinet.orders.seeing_hands import take_next
from cabinet.orders.vault import TooMuch, open_refund

PERSON = {"name": "A", "phone": "+77010000001", "city": "Almaty", "street": "1"}
LINE = {"name": "Fish", "quantity": Decimal(1), "price": Decimal(10)}


@pytest.fixture
def at_once(committed_db):
    """Return a function that does these deeds in threads that start together, and returns what they returned."""

    def act(*deeds):
        start, told = threading.Barrier(len(deeds)), [None] * len(deeds)

        def run(place, deed):
            start.wait()
            try:
                told[place] = deed()
            finally:
                connection.close()

        threads = [threading.Thread(target=run, args=each) for each in enumerate(deeds)]
        [each.start() for each in threads]
        [each.join() for each in threads]
        return told

    return act


def test_two_clerks_get_different_orders(at_once, make_order, timur, clerk):
    make_order("A-1"), make_order("A-2"), make_order("A-3")
    taken = at_once(*(lambda who=who: take_next(staff=who) for who in (timur, clerk, timur, clerk)))
    assert sorted(order.number for order in taken if order) == ["A-1", "A-2", "A-3"]
    assert Assignment.objects.count() == 3


def test_two_accountants_cannot_give_back_more_than_an_order_cost(at_once, make_order, timur, clerk):
    order = make_order("A-1", total=5000)

    def opening(who):
        def act():
            try:
                return open_refund(order=order, amount=Decimal(3000), reason="damaged", actor=who.public_id)
            except TooMuch:
                return None

        return act

    told = at_once(*(opening(who) for who in (timur, clerk, timur)))
    assert len([refund for refund in told if refund]) == 1 == order.refunds.count()


def test_calls_at_once_get_different_numbers_and_a_doubled_form_one(at_once, shop, timur, clerk):
    words = script("ru", None)

    def taking(who, key):
        facts = {"composed": words, "customer": None, "person": PERSON, "lines": [LINE], "call_reference": "c"}
        return lambda: take_order(staff=who, form_key=key, **facts).order.number

    keys = [(timur, "k" * 20), (timur, "k" * 20), (clerk, "l" * 20), (clerk, "m" * 20)]
    numbers = at_once(*(taking(*each) for each in keys))
    assert numbers[0] == numbers[1] and len(set(numbers)) == 3
    assert Order.objects.count() == 3
    assert {number[-2:] for number in numbers} == {"01", "02", "03"}

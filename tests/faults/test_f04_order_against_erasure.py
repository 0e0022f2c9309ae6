"""f04: an order is placed while its customer is erased; never an order for who is gone (trust.md, i3)."""

from __future__ import annotations

import os
import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError, connections, transaction
from django.utils import timezone

from cabinet.customers.actions import AccountClosed, lock_open
from cabinet.customers.linking import link
from cabinet.customers.models import Customer, User
from cabinet.exchange.intake import take
from cabinet.orders.models import Order
from cabinet.privacy.asking import ask
from cabinet.privacy.erasing import run
from cabinet.privacy.erasures import Erasure, State
from tests.cabinet.privacy import people

RACES = int(os.environ.get("RACES", "8"))  # 200 by environment


@pytest.fixture
def race(committed_db):
    """Return a function that lets an order and an erasure run against each other; the order's number."""

    def go(number, order):
        user = User.objects.create_user(f"{number}@customer.example")
        customer = Customer.objects.create(user=user, language="ru", first_name="Aigerim")
        link(source="shop", external_id=f"C-{number}", customer=customer)
        erasure = ask(customer=customer, at_once=True)
        at_once(lambda: run(erasure.pk), lambda: order(customer, number))
        return erasure.pk, f"A-{number}"

    return go


def at_once(*deeds):
    """Do the deeds in threads that start together; raise what one of them raised."""
    start = threading.Barrier(len(deeds))
    with ThreadPoolExecutor(len(deeds)) as pool:
        for done in [pool.submit(apart, start, deed) for deed in deeds]:
            done.result()


def apart(start, deed):
    start.wait()
    time.sleep(random.random() / 20)
    try:
        deed()
    finally:
        connections.close_all()


def place(customer, number):
    """Place an order as every way of ordering must: the customer locked first, and open."""
    try:
        with transaction.atomic():
            people.order(lock_open(customer), f"A-{number}", ended=None)
    except AccountClosed:
        pass


def tell(customer, number):
    """Have the shop engine tell of an order; as its sender does, again where somebody was in the way."""
    body = {
        "number": f"A-{number}",
        "currency": "KZT",
        "total": "100.00",
        "lines": [{"name": "Икра", "quantity": "1", "price": "100.00", "cost": "100.00"}],
        "customer": {"id": f"C-{number}"},
        "contact": {"name": "Aigerim", "phone": people.PHONE},
        "address": {"city": "Almaty", "street": people.STREET},
    }
    for _again in range(5):
        try:
            return take("shop", f"e{number}", "order.placed", timezone.now(), body, f"{number:064}")
        except OperationalError:
            time.sleep(0.05)
    raise AssertionError("The event was never taken.")


@pytest.mark.parametrize("order", [place, tell])
def test_f04_i3_whoever_comes_first_the_other_knows(race, order):
    for turn in range(RACES):
        pk, number = race(turn, order)
        found, erasure = Order.objects.filter(number=number).first(), Erasure.objects.get(pk=pk)
        if found is None:
            assert erasure.state == State.DONE
        else:
            assert erasure.state == State.WAITING and found.customer_id == erasure.customer_id and found.person


def test_f05_two_workers_on_one_erasure_do_it_once(committed_db):
    user = User.objects.create_user("aigerim@customer.example")
    Customer.objects.create(user=user, language="ru")
    people.fill(user)
    for number in range(4):
        people.order(user.customer, f"A-{number}")
    erasure = ask(customer=user.customer, at_once=True)
    at_once(*[lambda: run(erasure.pk)] * 2)
    erasure.refresh_from_db()
    assert erasure.state == State.DONE
    assert erasure.figures["orders.people orders.OrderPerson"] == {"restricted": 4}
    assert erasure.figures["customers.addresses customers.Address"] == {"erased": 1}

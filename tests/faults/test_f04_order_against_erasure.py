"""f04: an order is placed while its customer is erased; never an order for who is gone (trust.md, i3)."""

from __future__ import annotations

import os
import random
import threading
import time

import pytest
from django.db import connections, transaction

from cabinet.customers.actions import AccountClosed, lock_open
from cabinet.customers.models import Customer, User
from cabinet.orders.models import Order
from cabinet.privacy.asking import ask
from cabinet.privacy.erasing import run
from cabinet.privacy.erasures import Erasure, State
from tests.cabinet.privacy import people

RACES = int(os.environ.get("RACES", "8"))  # 200 by environment


@pytest.fixture
def race(committed_db):
    """Return a function that lets an order and an erasure run against each other; the order's number."""

    def go(number):
        user = User.objects.create_user(f"{number}@customer.example")
        customer = Customer.objects.create(user=user, language="ru", first_name="Aigerim")
        erasure = ask(customer=customer, at_once=True)
        start = threading.Barrier(2)
        workers = [
            threading.Thread(target=apart, args=(start, lambda: run(erasure.pk))),
            threading.Thread(target=apart, args=(start, lambda: place(customer, f"A-{number}"))),
        ]
        for each in workers:
            each.start()
        for each in workers:
            each.join()
        return erasure.pk, f"A-{number}"

    return go


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
            people.order(lock_open(customer), number, ended=None)
    except AccountClosed:
        pass


def test_f04_i3_whoever_comes_first_the_other_knows(race):
    for turn in range(RACES):
        pk, number = race(turn)
        order, erasure = Order.objects.filter(number=number).first(), Erasure.objects.get(pk=pk)
        if order is None:
            assert erasure.state == State.DONE
        else:
            assert erasure.state == State.WAITING and order.customer_id == erasure.customer_id and order.person


def test_f05_two_workers_on_one_erasure_do_it_once(committed_db):
    user = User.objects.create_user("aigerim@customer.example")
    Customer.objects.create(user=user, language="ru")
    people.fill(user)
    for number in range(4):
        people.order(user.customer, f"A-{number}")
    erasure = ask(customer=user.customer, at_once=True)
    start = threading.Barrier(2)
    workers = [threading.Thread(target=apart, args=(start, lambda: run(erasure.pk))) for _worker in range(2)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    erasure.refresh_from_db()
    assert erasure.state == State.DONE
    assert erasure.figures["orders.people orders.OrderPerson"] == {"restricted": 4}
    assert erasure.figures["customers.addresses customers.Address"] == {"erased": 1}

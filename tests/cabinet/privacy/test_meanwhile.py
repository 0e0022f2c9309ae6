"""What else happens while somebody is erased: sign-ins, second thoughts, orders, forms. Nothing gets in between."""

from __future__ import annotations

import time as real_time
from decimal import Decimal
from hashlib import sha256

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from cabinet.bonuses.models import Account, Movement
from cabinet.consents.composing import Composer
from cabinet.consents.consenting import give
from cabinet.customers import access
from cabinet.customers.actions import AccountClosed, add_address
from cabinet.customers.linking import LinkErased, link
from cabinet.customers.models import Address, Customer
from cabinet.exchange.intake import take
from cabinet.orders.models import Order
from cabinet.orders.phone_orders import take_order
from cabinet.orders.phone_script import script
from cabinet.privacy import copies, erasing, fault_points, taking_part
from cabinet.privacy.asking import TooLate, ask, call_off, carry_on, hasten
from cabinet.privacy.erasures import Erasure, State
from tests.cabinet.privacy import people
from tests.conftest import PASSWORD, signed_in

CARD = "/ru/cabinet/"
STEPS = ("begin", "also", "erase", "traces")  # after each of them something is done; before the last nothing is gone


@pytest.fixture
def meanwhile(known, monkeypatch):
    """Return a function that erases Aigerim and does a deed at the first time of each step; what the deeds returned."""

    def act(deed, steps=STEPS):
        seen, told = set(), []

        def step(name):
            if name in steps and name not in seen:
                seen.add(name)
                told.append(deed())

        monkeypatch.setattr(fault_points, "fault_point", step)
        erasing.run(ask(customer=known.customer, at_once=True).pk)
        assert seen == set(steps)
        return told

    return act


def event(kind, **data):
    """An event of the shop engine that names her; what became of it."""
    key = f"evt_{real_time.monotonic_ns()}"
    data = {"customer": {"id": "C-17"}, **data}
    return take("shop", key, kind, timezone.now(), data, sha256(key.encode()).hexdigest()).outcome


def order_event():
    return event(
        "order.placed",
        number="A-77",
        currency="KZT",
        total="100.00",
        lines=[{"name": "Икра", "quantity": "1", "price": "100.00", "cost": "100.00"}],
        contact={"name": people.NAME, "phone": people.PHONE},
        address={"city": "Алматы", "street": people.STREET},
    )


def state():
    return Erasure.objects.get().state


def test_nobody_signs_in_while_the_account_is_erased(known, meanwhile, site_ru):
    given = {"login": known.email, "password": PASSWORD}

    def sign_in():
        client = Client()
        client.post("/ru/accounts/login/", given)
        return client.get(CARD).status_code

    assert meanwhile(sign_in) == [302] * len(STEPS) and state() == State.DONE


def test_a_session_from_before_opens_nothing_while_it_is_erased(known, meanwhile, site_ru):
    client = signed_in(known)
    assert client.get(CARD).status_code == 200
    found = meanwhile(lambda: client.get(CARD).url)
    assert all(url.startswith("/ru/accounts/login/") for url in found)


@pytest.mark.parametrize("deed", [call_off, hasten])
def test_who_thinks_again_while_it_runs_is_told_too_late_or_nothing(known, meanwhile, deed):
    def think_again():
        try:
            return deed(erasure=Erasure.objects.get())
        except TooLate:
            return "too late"

    meanwhile(think_again)
    assert state() == State.DONE
    with pytest.raises(TooLate):
        call_off(erasure=Erasure.objects.get())


def test_i3_an_order_told_while_its_person_is_erased_is_put_aside(known, meanwhile):
    link(source="shop", external_id="C-17", customer=known.customer)
    assert meanwhile(order_event, steps=[*STEPS[1:]]) == ["quarantined"] * 3
    assert order_event() == "quarantined"
    assert state() == State.DONE and not Order.objects.exists()


def test_i3_from_the_moment_the_account_is_closed_nothing_told_of_it_is_taken(known, monkeypatch):
    """The window that was open between closing the account and marking its numbers."""
    link(source="shop", external_id="C-17", customer=known.customer)

    class Killed(Exception):
        pass

    def die(name):
        if name == "also":
            raise Killed

    monkeypatch.setattr(fault_points, "fault_point", die)
    monkeypatch.setattr(taking_part, "begins", [lambda erasure, customer: None])
    with pytest.raises(Killed):
        erasing.run(ask(customer=known.customer, at_once=True).pk)
    assert order_event() == "quarantined"
    bonus = {"amount": "10.00", "reason": "Order"}
    assert event("bonus.accrued", **bonus) == event("bonus.corrected", **bonus) == "quarantined"
    assert not Order.objects.exists() and Movement.objects.count() == 1


def test_i3_no_order_is_taken_by_phone_for_who_is_being_erased(known, meanwhile, shop, timur):
    words = script("ru", known.customer)
    line = {"name": "Fish", "quantity": Decimal(1), "price": Decimal(10)}
    person = {"name": people.NAME, "phone": people.PHONE, "city": "Almaty", "street": "1"}

    def call():
        facts = {"composed": words, "person": person, "lines": [line], "call_reference": "c"}
        with pytest.raises(AccountClosed):
            take_order(staff=timur, form_key="k" * 20, customer=known.customer, **facts)

    meanwhile(call)
    assert state() == State.DONE and not Order.objects.exists()


def test_i4_nothing_new_is_kept_of_who_is_being_erased(known, meanwhile, shop):
    customer = known.customer
    deeds = [
        lambda: add_address(customer=customer, given={"city": "Алматы", "street": people.STREET}),
        lambda: copies.ask(customer=customer, language="ru"),
        lambda: give(customer=customer, composed=Composer("ru").one("news.prices", "email")),
        lambda: link(source="shop", external_id="C-18", customer=customer),
    ]

    def all_of_them():
        for deed in deeds:
            with pytest.raises((AccountClosed, LinkErased)):
                deed()

    meanwhile(all_of_them)
    assert state() == State.DONE and not Address.objects.exists()


@pytest.mark.parametrize("held", [False, True])
@pytest.mark.parametrize(
    ("page", "given"),
    [
        ("addresses/add/", {"city": "Алматы", "street": "Абай даңғылы, 10"}),
        ("profile/", {"first_name": people.NAME, "last_name": people.SURNAME, "phone": people.PHONE, "language": "ru"}),
    ],
)
def test_a_form_sent_before_writes_nothing_back_into_a_closed_account(known, site_ru, monkeypatch, page, given, held):
    client = signed_in(known)
    if held:
        people.order(known.customer, "A-1", ended=None)

    def erase_under_it(request):
        erasing.run(ask(customer=known.customer, at_once=True).pk)

    monkeypatch.setattr(access, "gates", [erase_under_it])  # the page has asked who this is, and has not written yet
    answer = client.post(f"{CARD}{page}", given)
    assert answer.status_code == 302 and answer.url == "/ru/accounts/login/"
    assert state() == (State.WAITING if held else State.DONE) and not Address.objects.exists()
    assert not Customer.objects.exclude(first_name="").exists()


def test_bonuses_go_with_their_movements_and_none_comes_after(known, erase):
    assert Account.objects.get().balance == 250
    erasure = erase(known)
    assert erasure.state == State.DONE and not Account.objects.exists() and not Movement.objects.exists()
    assert erasure.figures["bonuses.account bonuses.Account"] == {"erased": 1}


def test_bonuses_go_at_once_though_an_order_waits(known, erase):
    link(source="shop", external_id="C-17", customer=known.customer)
    people.order(known.customer, "A-1", ended=None)
    assert erase(known).state == State.WAITING
    assert event("bonus.accrued", amount="10.00", reason="Order") == "quarantined"
    assert not Account.objects.exists() and not Movement.objects.exists()


def test_staff_who_are_customers_too_are_told_who_closes_their_account(known, site_ru):
    known.is_staff = True
    known.save()
    known.groups.add(Group.objects.get(name="Order staff"))
    client = signed_in(known)
    client.post("/ru/accounts/reauthenticate/", {"password": PASSWORD})
    answer = client.post("/ru/cabinet/data/erase/account/confirm/", {"word": "удалить", "bonuses": "on"}, follow=True)
    assert (answer.status_code == 200 and "notice" in answer.text) or "message" in answer.text
    assert not Erasure.objects.exists() and carry_on() == 0
    known.refresh_from_db()
    assert known.is_active

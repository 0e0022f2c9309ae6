"""Timur takes an order by phone in a real browser: Aigerim sees it in her cabinet, another clerk does not."""

from __future__ import annotations

import pytest

from cabinet.customers.demo import PEOPLE
from tests.browser.signing_in import sign_in

CALL = {
    "call_reference": "call 17",
    "name": "Айгерім Ахметова",
    "phone": "8 763 000 00 01",
    "city": "Алматы",
    "street": "Достық даңғылы, 91",
    "total": "28 000",
    "lines-0-name": "Икра осетровая, 50 г",
    "lines-0-quantity": "1",
    "lines-0-price": "24 500",
    "lines-1-name": "Сельдь",
    "lines-1-quantity": "2",
    "lines-1-price": "1750",
}


@pytest.fixture
def window_of(browser, running_site):
    """Return a function that opens a fresh window, and close them all."""
    windows = []

    def opened():
        windows.append(browser.new_context(base_url=running_site, locale="ru-RU"))
        return windows[-1].new_page()

    yield opened
    for window in windows:
        window.close()


def press(tab, button):
    with tab.expect_navigation():
        tab.locator(button).first.click()


def take_order(tab):
    """Find the caller, read the consent out, write the order down; return its number."""
    tab.goto("/admin/orders/new/find/")
    tab.fill("input[name=phone]", CALL["phone"])
    press(tab, ".desk form button")
    press(tab, ".desk-found a")
    assert tab.locator(".desk-script li").count() == 8
    tab.check("input[name=agreed]")
    for name, value in CALL.items():
        tab.fill(f"input[name={name}]", value)
    press(tab, ".desk-call > p:last-child button")
    assert "/orders/phone/" in tab.inner_text(".desk-address")
    return tab.locator("h1").inner_text()


def sign_in_to_the_cabinet(tab, name):
    person = next(person for person in PEOPLE if person.email.startswith(f"{name}@"))
    tab.goto("/ru/accounts/login/")
    tab.fill("input[name=login]", person.email)
    tab.fill("input[name=password]", person.password)
    press(tab, "main form button.button--primary")


def test_an_order_by_phone_reaches_its_customer_and_no_other_clerk(window_of):
    timur, aigerim, clerk = window_of(), window_of(), window_of()
    sign_in(timur, "timur")
    [number] = [word for word in take_order(timur).split() if word.startswith("T-")]
    sign_in_to_the_cabinet(aigerim, "aigerim")
    aigerim.goto(f"/ru/cabinet/orders/{number}/")
    assert "Икра осетровая" in aigerim.inner_text("main") and "call 17" in aigerim.inner_text("main")
    sign_in(clerk, "clerk")
    clerk.goto("/admin/orders/")
    assert number not in clerk.inner_text("main")
    timur.goto("/admin/orders/")
    assert number in timur.inner_text("main")

"""A new customer's first day, in Kazakh, on a telephone, without JavaScript: each step as a person would take it."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from cabinet.customers.totp import step_now

EMAIL, OTHER = "newcomer@customer.example", "newcomer@elsewhere.example"
PASSWORD = "жеті рет өлшеп бір рет кес"
RECEIPT = re.compile(r'href="(/kk/cabinet/consents/[A-Z2-7-]{19}/)"')
ADDRESSES = ("Абай даңғылы, 10", "Достық даңғылы, 91", "Сәтбаев көшесі, 90")


@pytest.fixture(scope="module")
def window(browser, running_site):
    """One telephone for the whole day."""
    size = {"width": 360, "height": 740}
    context = browser.new_context(base_url=running_site, viewport=size, java_script_enabled=False, locale="kk-KZ")
    window = context.new_page()
    window.set_default_timeout(30_000)  # a machine that also does other things hashes passwords slowly
    yield window
    context.close()


def click(window, selector):
    """Press what leads to another page, and wait for that."""
    with window.expect_navigation():
        window.locator(selector).first.click()


def press(window):
    """Press the button that leads on."""
    click(window, "main form button.button--primary")


def follow_letter(window, way):
    """Open the newest letter with such a link; follow it."""
    window.goto("/kk/letters/")
    click(window, f"main a[href*='{way}']")


def sign_in(window, email):
    window.goto("/kk/accounts/login/")
    window.fill("input[name=login]", email)
    window.fill("input[name=password]", PASSWORD)
    press(window)


def confirm_it_is_you(window):
    if "/reauthenticate/" in window.url:
        window.fill("input[name=password]", PASSWORD)
        press(window)


def test_1_she_signs_up_with_the_consents_she_chooses(window):
    window.goto("/kk/accounts/signup/")
    assert window.locator("main input[type=checkbox]:checked").count() == 0
    window.fill("input[name=email]", EMAIL)
    window.fill("input[name=password1]", PASSWORD)
    window.fill("input[name=first_name]", "Айгерім")
    boxes = window.locator("main input[type=checkbox]")
    boxes.nth(0).check()
    boxes.nth(2).check()
    press(window)
    assert window.locator("h1").inner_text() == "Поштаны растау" or "confirm-email" in window.url


def test_2_the_letters_button_confirms_and_lets_her_in(window):
    follow_letter(window, "/confirm-email/")
    press(window)
    if "/login/" in window.url:
        sign_in(window, EMAIL)
    window.goto("/kk/cabinet/")
    assert window.locator("h1").inner_text() == "Сәлеметсіз бе, Айгерім"


def test_3_she_adds_three_addresses(window):
    for street in ADDRESSES:
        window.goto("/kk/cabinet/addresses/add/")
        window.fill("input[name=city]", "Алматы")
        window.fill("input[name=street]", street)
        press(window)
    assert window.locator(".place").count() == 3


def test_4_she_removes_one_and_puts_it_back(window):
    click(window, ".place button")
    assert window.locator(".place").count() == 2
    click(window, ".notice form button")
    assert window.locator(".place").count() == 3


def test_5_she_sets_up_an_authenticator_and_signs_in_with_it(window):
    window.goto("/kk/accounts/2fa/totp/activate/")
    confirm_it_is_you(window)
    window.locator("main summary").first.click()
    secret = window.locator("#authenticator_secret").inner_text().strip()
    window.fill("input[name=code]", format_hotp_value(hotp_value(secret, step_now() - 1)))
    press(window)
    window.goto("/kk/accounts/logout/")
    press(window)
    sign_in(window, EMAIL)
    window.fill("input[name=code]", format_hotp_value(hotp_value(secret, step_now())))
    press(window)
    assert "/kk/cabinet/" in window.url


def test_6_she_takes_a_consent_back_and_reads_what_she_had_agreed_to(window):
    window.goto("/kk/cabinet/subscriptions/")
    assert window.locator("main input[type=checkbox]:checked").count() == 1
    click(window, "main form[action*='none'] button")
    assert window.locator("main input[type=checkbox]:checked").count() == 0
    window.goto("/kk/cabinet/consents/history/")
    assert len(RECEIPT.findall(window.content())) == 3  # two given, one taken back
    click(window, f"main a[href*='{RECEIPT.findall(window.content())[0]}']")
    assert "SHA-256" in window.locator("main").inner_text()


def test_7_she_changes_her_address_of_e_mail_and_takes_it_back(window):
    window.goto("/kk/accounts/email/")
    confirm_it_is_you(window)
    window.fill("input[name=email]:not([type=hidden])", OTHER)
    press(window)
    confirm_it_is_you(window)
    assert OTHER in window.locator("main").inner_text()
    follow_letter(window, "/confirm-email/")
    press(window)
    follow_letter(window, "/email/undo/")
    press(window)
    window.goto("/kk/cabinet/")
    assert "/accounts/login/" in window.url  # every session has ended


def test_8_the_log_tells_what_happened(window):
    sign_in(window, EMAIL)
    assert "/2fa/authenticate/" in window.url  # the old address signs in again, with its second factor


def test_9_nothing_on_the_way_was_wider_than_the_telephone(browser, running_site):
    context = browser.new_context(base_url=running_site, viewport={"width": 320, "height": 740})
    window = context.new_page()
    for path in ("/kk/accounts/signup/", "/kk/accounts/login/", "/kk/letters/"):
        window.goto(path)
        assert window.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    context.close()

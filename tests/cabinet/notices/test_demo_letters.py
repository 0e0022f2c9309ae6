"""The demo's letters on a page: there for who tries Kelisim, nowhere else (trust.md, s21, s25)."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from cabinet.notices.demo import CONSOLE, SHOWN
from cabinet.notices.models import Letter
from cabinet.notices.posting import post

PAGE, RESET = "/ru/letters/", "/ru/accounts/password/reset/"


@pytest.fixture
def demo_on(settings):
    settings.DEBUG, settings.LETTERS_BACKEND = True, CONSOLE


def test_a_newcomer_follows_a_letter_without_a_mail_server(dana, visitor, demo_on, delivered, capsys):
    visitor.post(RESET, {"email": dana.email})
    assert PAGE in visitor.get(f"{RESET}done/").content.decode()
    for _before_and_after_sending in range(2):
        page = visitor.get(PAGE).content.decode()
        link = re.search(r'href="http://[^/"]+(/\S+/key/[^"]+)"', page).group(1)
        delivered()
    assert visitor.get(link).status_code == 302


def test_only_the_newest_letters_are_shown(db, visitor, demo_on):
    for number in range(SHOWN + 5):
        post("account/email/password_set", to=f"customer{number}@customer.example", language="ru")
    page = visitor.get(PAGE).content.decode()
    assert page.count("<article") == SHOWN
    assert "customer4@" not in page and f"customer{SHOWN + 4}@" in page


def test_before_the_first_letter_the_page_says_what_to_do(db, visitor, demo_on):
    assert RESET in visitor.get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("debug", "backend"), [(False, CONSOLE), (True, "django.core.mail.backends.smtp.EmailBackend")]
)
def test_s25_a_real_site_shows_no_letter_and_no_way_to_it(dana, settings, debug, backend):
    settings.DEBUG, settings.LETTERS_BACKEND = debug, backend
    post("account/email/password_set", to=dana.email, language="ru")
    visitor = Client()
    assert visitor.get(PAGE).status_code == 404
    assert "letters" not in visitor.get(f"{RESET}done/").content.decode()


def test_a_letter_under_a_key_of_before_does_not_break_the_page(dana, settings, visitor, demo_on):
    post("account/email/password_set", to=dana.email, language="ru")
    settings.SECRET_KEY = "another key of this site, sixty letters long, made by nobody"
    assert visitor.get(PAGE).status_code == 200
    assert Letter.objects.count() == 1

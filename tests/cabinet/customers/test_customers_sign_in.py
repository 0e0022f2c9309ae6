"""Customers come in by password, code or passkey, see their sessions, and end them (trust.md, s09, s12, s13)."""

from __future__ import annotations

import re

import pytest
from django.conf import settings as django_settings
from django.test import Client

from cabinet.customers.models import User
from tests.cabinet.customers.factors import code, give_totp
from tests.cabinet.customers.signing_up import LOGIN, enter, make_customer
from tests.config.test_settings import example, settings_of
from tests.conftest import PASSWORD, signed_in
from tests.mailbox import mailbox

CODE, CONFIRM = "/ru/accounts/login/code/", "/ru/accounts/login/code/confirm/"


@pytest.fixture(autouse=True)
def customer(aigerim):
    return make_customer(aigerim)


def asked_for_a_code(email: str) -> Client:
    client = Client()
    client.post(CODE, {"email": email})
    return client


def code_in_letter() -> str:
    return re.search(r"^[A-Z0-9]+(?:-[A-Z0-9]+)*$", mailbox()[-1].body, re.MULTILINE)[0]


def test_a_code_by_letter_lets_in_once(aigerim):
    client = asked_for_a_code(aigerim.email)
    typed = code_in_letter()
    assert client.post(CONFIRM, {"code": typed})["Location"] == "/ru/cabinet/"
    client.post("/ru/accounts/logout/")
    assert "_auth_user_id" not in client.session
    client.post(CONFIRM, {"code": typed})
    assert "_auth_user_id" not in client.session


def test_a_code_works_only_where_it_was_asked_for(aigerim):
    asked_for_a_code(aigerim.email)
    other = asked_for_a_code("nobody@customer.example")
    stolen = re.search(r"^[A-Z0-9-]+$", mailbox()[0].body, re.MULTILINE)[0]
    assert other.post(CONFIRM, {"code": stolen}).status_code == 200
    assert "_auth_user_id" not in other.session


def test_three_wrong_codes_end_the_attempt(aigerim):
    client = asked_for_a_code(aigerim.email)
    typed = code_in_letter()
    for _attempt in range(3):
        client.post(CONFIRM, {"code": "WRONG1"})
    client.post(CONFIRM, {"code": typed})
    assert "_auth_user_id" not in client.session


def test_s13_a_code_by_letter_does_not_stand_for_the_second_factor(aigerim):
    give_totp(aigerim)
    client = asked_for_a_code(aigerim.email)
    assert client.post(CONFIRM, {"code": code_in_letter()})["Location"] == "/ru/accounts/2fa/authenticate/"
    assert client.post("/ru/accounts/2fa/authenticate/", {"code": code()})["Location"] == "/ru/cabinet/"


def test_s13_a_code_by_letter_does_not_open_the_desk(dana):
    make_customer(dana)
    client = asked_for_a_code(dana.email)
    client.post(CONFIRM, {"code": code_in_letter()})
    assert client.get("/admin/")["Location"] == "/ru/accounts/2fa/totp/activate/"


def test_s13_a_second_factor_is_offered_to_customers(aigerim):
    page = enter(aigerim.email).get("/ru/accounts/2fa/").content.decode()
    assert "/ru/accounts/2fa/totp/activate/" in page and "/ru/accounts/2fa/webauthn/add/" in page


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_customers_and_staff_each_come_home(aigerim, dana, language):
    client = Client()
    answer = client.post(f"/{language}/accounts/login/", {"login": aigerim.email, "password": PASSWORD})
    assert answer["Location"] == f"/{language}/cabinet/"
    assert f'href="/{language}/cabinet/"' in client.get(f"/{language}/accounts/sessions/").content.decode()
    assert 'href="/admin/"' in signed_in(dana).get(f"/{language}/accounts/sessions/").content.decode()


def test_s12_a_new_password_ends_every_session_of_a_customer(aigerim):
    here, there, code_session = enter(aigerim.email), enter(aigerim.email), asked_for_a_code(aigerim.email)
    new = "another walk along the coast"
    here.post("/ru/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert all(client.get("/ru/accounts/sessions/").status_code == 302 for client in (here, there, code_session))


def test_s12_signing_out_leaves_nothing_to_come_back_to(aigerim):
    client = enter(aigerim.email)
    assert client.get("/ru/accounts/sessions/")["Cache-Control"] == "private, no-store"
    old = client.cookies["session"].value
    client.post("/ru/accounts/logout/")
    thief = Client()
    thief.cookies["session"] = old
    assert thief.get("/ru/accounts/sessions/").status_code == 302


def test_s12_a_new_salt_ends_sessions_and_no_salt_keeps_those_from_before(aigerim):
    client = signed_in(aigerim)
    assert client.get("/ru/accounts/sessions/").status_code == 200
    user = User.objects.get(pk=aigerim.pk)
    user.end_sessions()
    user.save()
    assert client.get("/ru/accounts/sessions/").status_code == 302


def test_s09_cookies_are_host_bound_secure_and_out_of_reach_of_scripts(tmp_path):
    real = settings_of({**example(), "DATA_DIR": str(tmp_path)})
    assert (real["SESSION_COOKIE_NAME"], real["CSRF_COOKIE_NAME"]) == ("__Host-session", "__Host-csrf")
    for cookie in ("SESSION", "CSRF"):
        assert real[f"{cookie}_COOKIE_SECURE"] and real[f"{cookie}_COOKIE_HTTPONLY"]
        assert real[f"{cookie}_COOKIE_SAMESITE"] == "Lax"
        assert not real.get(f"{cookie}_COOKIE_DOMAIN")


def test_s09_the_cookies_that_are_sent_have_these_marks(aigerim):
    client = Client()
    client.get(LOGIN)
    client.post(LOGIN, {"login": aigerim.email, "password": PASSWORD})
    assert {morsel.key for morsel in client.cookies.values()} == {"session", "csrf"}
    assert all(morsel["httponly"] and morsel["samesite"] == "Lax" for morsel in client.cookies.values())
    assert all(morsel["path"] == "/" and not morsel["domain"] for morsel in client.cookies.values())


def test_s09_sessions_are_json():
    assert django_settings.SESSION_SERIALIZER == "django.contrib.sessions.serializers.JSONSerializer"

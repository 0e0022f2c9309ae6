"""A session of the password alone is worth nothing once the person has a factor (trust.md, s12 and s13)."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.test import Client

from tests.addresses import all_routes
from tests.cabinet.customers.factors import SECRET, code, give_totp, show_second_factor
from tests.conftest import PASSWORD

SETTINGS = [
    "2fa/",
    "2fa/totp/activate/",
    "2fa/totp/deactivate/",
    "2fa/recovery-codes/",
    "2fa/recovery-codes/generate/",
    "2fa/recovery-codes/download/",
    "2fa/webauthn/",
    "2fa/webauthn/add/",
    "2fa/webauthn/keys/1/remove/",
    "2fa/webauthn/keys/1/edit/",
    "password/change/",
    "password/set/",
    "email/",
    "sessions/",
]
# Where the factor is shown, what a letter leads to, and the ways in and out.
OTHERS = {
    "2fa/authenticate/",
    "2fa/reauthenticate/",
    "2fa/webauthn/reauthenticate/",
    "2fa/webauthn/login/",
    "confirm-email/",
    "email/undo/<slug:token>/",
    "^confirm-email/(?P<key>[-:\\w]+)/$",
    "inactive/",
    "login/",
    "login/code/",
    "login/code/confirm/",
    "logout/",
    "password/reset/",
    "password/reset/done/",
    "password/reset/key/done/",
    "^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
    "reauthenticate/",
    "signup/",
}


@pytest.fixture
def intruder(dana) -> Client:
    """Somebody who knows Dana's password, and signed in with it before she had a factor."""
    return with_password(dana)


@pytest.fixture
def dana_enrols(dana, intruder) -> Client:
    """Dana, who has just set up her first factor in a session of her own."""
    client = with_password(dana)
    client.post("/ru/accounts/reauthenticate/", {"password": PASSWORD})
    client.get("/ru/accounts/2fa/totp/activate/")
    session = client.session
    session["mfa.totp.secret"] = SECRET
    session.save()
    client.post("/ru/accounts/2fa/totp/activate/", {"code": code()})
    return client


def with_password(user) -> Client:
    from allauth.account.models import EmailAddress

    EmailAddress.objects.get_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
    client = Client()
    client.post("/ru/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert "_auth_user_id" in client.session
    return client


def test_s12_the_first_factor_ends_all_other_sessions(committed_db, intruder, dana_enrols):
    assert "_auth_user_id" not in intruder.session
    assert intruder.get("/ru/accounts/2fa/recovery-codes/")["Location"].startswith("/ru/accounts/login/")
    assert dana_enrols.get("/admin/").status_code == 200


def test_s12_the_session_that_enrolled_stays_in_the_list_under_its_new_key(committed_db, dana, dana_enrols):
    assert [each.session_key for each in UserSession.objects.filter(user=dana)] == [dana_enrols.session.session_key]


@pytest.mark.parametrize("path", SETTINGS)
def test_s13_no_sign_in_setting_opens_before_the_factor_is_shown(intruder, dana, path):
    give_totp(dana)
    intruder.post("/ru/accounts/reauthenticate/", {"password": PASSWORD})
    for ask in (intruder.get, intruder.post):
        assert ask(f"/ru/accounts/{path}")["Location"].startswith("/ru/accounts/2fa/reauthenticate/?next=")
    assert Authenticator.objects.filter(user=dana, type=Authenticator.Type.TOTP).exists()
    assert not Authenticator.objects.filter(user=dana, type=Authenticator.Type.RECOVERY_CODES).exists()


@pytest.mark.parametrize("path", ["2fa/", "password/change/", "sessions/"])
def test_s13_the_shown_factor_opens_them(dana, path):
    client = with_password(dana)
    show_second_factor(client, dana)
    assert client.get(f"/ru/accounts/{path}").status_code == 200


@pytest.mark.parametrize("path", ["2fa/", "password/change/", "sessions/"])
def test_s13_who_has_no_factor_reaches_them_with_the_password(aigerim, path):
    assert with_password(aigerim).get(f"/ru/accounts/{path}").status_code == 200


def test_s13_every_address_of_an_account_is_a_setting_or_named_here():
    told = {route.removeprefix("ru/accounts/") for route in all_routes() if route.startswith("ru/accounts/")}
    told = {route.removeprefix("^") if route not in OTHERS else route for route in told}
    assert {route.replace("<int:pk>", "1") for route in told} == {*SETTINGS, *OTHERS}

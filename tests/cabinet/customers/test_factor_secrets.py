"""The database alone tells nobody's codes (ASVS 11.3): secrets of factors are encrypted under SECRET_KEY."""

from __future__ import annotations

import json

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.utils import decrypt
from cryptography.fernet import InvalidToken

from cabinet.customers import demo, forms
from tests.cabinet.customers.factors import SECRET, code, give_totp
from tests.conftest import PASSWORD


def kept() -> str:
    return json.dumps(list(Authenticator.objects.values_list("data", flat=True)))


def test_s14_no_secret_stands_in_the_database(dana, monkeypatch):
    monkeypatch.setattr(RecoveryCodes, "generate_seed", classmethod(lambda cls: "a seed as plain as day"))
    give_totp(dana)
    RecoveryCodes.activate(dana)
    assert SECRET not in kept()
    assert "plain as day" not in kept()
    assert decrypt(Authenticator.objects.get(type=Authenticator.Type.TOTP).data["secret"]) == SECRET


def test_s14_the_secrets_of_the_demo_are_encrypted_too(db, settings):
    settings.DEBUG = True
    demo.load_people()
    staff = [person for person in demo.PEOPLE if person.is_staff]
    assert not [person.email for person in staff if person.totp_secret in kept()]


def test_s14_another_secret_key_reads_nothing(dana, settings):
    authenticator = give_totp(dana)
    settings.SECRET_KEY = "another key of this site, sixty letters long, made by nobody"
    with pytest.raises(InvalidToken):
        decrypt(authenticator.data["secret"])


def test_s14_a_key_that_was_replaced_still_opens_while_it_is_named(visitor, dana, settings):
    give_totp(dana)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key of this site, sixty letters long, made by nobody"
    sign_in(visitor, dana)
    assert visitor.post("/ru/accounts/2fa/authenticate/", {"code": code()}).status_code == 302


def test_s23_an_unreadable_secret_lets_nobody_in_and_is_told_to_the_log(visitor, dana, settings, monkeypatch):
    told: list[str] = []
    monkeypatch.setattr(forms.log, "error", told.append)
    give_totp(dana)
    settings.SECRET_KEY = "another key of this site, sixty letters long, made by nobody"
    sign_in(visitor, dana)
    assert visitor.post("/ru/accounts/2fa/authenticate/", {"code": code()}).status_code == 200
    assert "_auth_user_id" not in visitor.session
    assert told == ["factors.secret_unreadable"]


def sign_in(client, user):
    client.post("/ru/accounts/login/", {"login": user.email, "password": PASSWORD})

"""No address under /admin/ answers without the second factor (trust.md, s13)."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.test import Client

from tests.cabinet.customers.factors import SECRET, code, give_totp, show_second_factor
from tests.conftest import PASSWORD

ADDRESSES = [
    "/admin/",
    "/admin/pages/",
    "/admin/pages/1/edit/",
    "/admin/pages/1/edit/preview/",
    "/admin/pages/1/history/",
    "/admin/users/",
    "/admin/images/",
    "/admin/documents/chooser/",
    "/admin/reports/site-history/",
    "/admin/account/",
    "/admin/jsi18n/",
    "/admin/sprite/",
    "/admin/no-such-thing/",
]


@pytest.fixture
def half_signed_in(dana) -> Client:
    """Dana with her password alone."""
    client = Client()
    client.force_login(dana)
    return client


@pytest.mark.parametrize("address", ADDRESSES)
def test_s13_without_a_factor_every_admin_address_leads_to_setting_one_up(half_signed_in, address):
    response = half_signed_in.get(address)
    assert (response.status_code, response["Location"]) == (302, "/ru/accounts/2fa/totp/activate/")


@pytest.mark.parametrize("address", ADDRESSES)
def test_s13_with_a_factor_not_shown_every_admin_address_leads_to_the_code(half_signed_in, dana, address):
    give_totp(dana)
    response = half_signed_in.get(address)
    assert response.status_code == 302
    assert response["Location"].startswith("/ru/accounts/2fa/reauthenticate/?next=%2Fadmin%2F")


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_the_way_to_the_desk_and_back_to_the_missing_step_stays_in_ones_language(visitor, dana, language):
    confirmed(dana)
    answer = visitor.post(f"/{language}/accounts/login/", {"login": dana.email, "password": PASSWORD})
    assert answer["Location"] == "/admin/"
    assert visitor.get("/admin/")["Location"] == f"/{language}/accounts/2fa/totp/activate/"
    give_totp(dana)
    assert visitor.get("/admin/")["Location"].startswith(f"/{language}/accounts/2fa/reauthenticate/?next=")


def test_a_language_chosen_on_an_account_page_is_the_one_led_back_to(half_signed_in):
    half_signed_in.get("/en/accounts/2fa/")
    half_signed_in.get("/kk/accounts/2fa/")
    half_signed_in.get("/ru/")  # a public page leaves no trace in a session
    assert half_signed_in.get("/admin/")["Location"] == "/kk/accounts/2fa/totp/activate/"


def test_s13_a_person_with_a_passkey_alone_is_led_to_it(half_signed_in, dana):
    Authenticator.objects.create(user=dana, type=Authenticator.Type.WEBAUTHN, data={})
    assert half_signed_in.get("/admin/")["Location"].startswith("/ru/accounts/2fa/webauthn/reauthenticate/")


@pytest.mark.parametrize(
    "headers", [{"X-Requested-With": "XMLHttpRequest"}, {"Sec-Fetch-Mode": "cors"}, {"Sec-Fetch-Mode": "no-cors"}]
)
def test_s13_scripts_are_refused(half_signed_in, headers):
    assert half_signed_in.get("/admin/pages/", headers=headers).status_code == 403


def test_s13_a_post_does_nothing_without_the_factor(half_signed_in, dana):
    give_totp(dana)
    response = half_signed_in.post("/admin/account/", {"theme": "dark"})
    assert response["Location"].endswith("?next=%2Fadmin%2F")


def test_s13_recovery_codes_alone_are_no_factor(half_signed_in, dana):
    Authenticator.objects.create(user=dana, type=Authenticator.Type.RECOVERY_CODES, data={"seed": "x", "used_mask": 0})
    assert half_signed_in.get("/admin/")["Location"] == "/ru/accounts/2fa/totp/activate/"


def test_s13_a_factor_taken_away_closes_open_sessions(editor_client, dana):
    assert editor_client.get("/admin/").status_code == 200
    Authenticator.objects.filter(user=dana).delete()
    assert editor_client.get("/admin/").status_code == 302


def test_s13_a_factor_shown_by_somebody_else_in_the_same_browser_does_not_count(editor_client, make_user):
    session = dict(editor_client.session)
    other = make_user("other@shop.example", is_superuser=True)
    give_totp(other)
    editor_client.force_login(other)
    store = editor_client.session
    store.update({key: value for key, value in session.items() if key.startswith("account_auth")})
    store.save()
    assert editor_client.get("/admin/").status_code == 302


def test_s13_leaving_is_always_possible(half_signed_in):
    half_signed_in.post("/admin/logout/")
    assert "_auth_user_id" not in half_signed_in.session


def test_s13_a_code_opens_the_door_and_leads_on(visitor, dana):
    give_totp(dana)
    sign_in(visitor, dana, next="/admin/pages/")
    response = visitor.post("/ru/accounts/2fa/authenticate/", {"code": code()})
    assert response["Location"] == "/admin/pages/"
    assert visitor.get("/admin/").status_code == 200


@pytest.mark.parametrize("step", [-1, 0, 1])
def test_s13_a_telephone_may_be_half_a_minute_wrong(visitor, dana, step):
    give_totp(dana)
    sign_in(visitor, dana)
    assert visitor.post("/ru/accounts/2fa/authenticate/", {"code": code(step)}).status_code == 302


@pytest.mark.parametrize("step", [-3, 3])
def test_s13_an_old_code_is_refused(visitor, dana, step):
    give_totp(dana)
    sign_in(visitor, dana)
    assert visitor.post("/ru/accounts/2fa/authenticate/", {"code": code(step)}).status_code == 200


def test_s13_a_code_opens_once_on_whichever_worker(dana):
    give_totp(dana)
    typed = code()
    answers = []
    for _time in range(2):
        client = Client()
        sign_in(client, dana)
        answers.append(client.post("/ru/accounts/2fa/authenticate/", {"code": typed}).status_code)
        forget_what_this_process_remembers()
    assert answers == [302, 200]


def test_s13_guessing_codes_is_stopped(visitor, dana):
    give_totp(dana)
    sign_in(visitor, dana)
    for _time in range(6):
        response = visitor.post("/ru/accounts/2fa/authenticate/", {"code": "000000"})
    assert visitor.post("/ru/accounts/2fa/authenticate/", {"code": code()}).status_code == 200
    assert "_auth_user_id" not in visitor.session
    assert response.context["form"].errors


def test_s13_setting_up_the_first_factor_opens_the_desk_at_once(committed_db, half_signed_in, dana):
    confirmed(dana)
    reauthenticate(half_signed_in)
    half_signed_in.get("/ru/accounts/2fa/totp/activate/")
    session = half_signed_in.session
    session["mfa.totp.secret"] = SECRET
    session.save()
    before = session.session_key
    response = half_signed_in.post("/ru/accounts/2fa/totp/activate/", {"code": code()})
    assert response["Location"] == "/ru/accounts/2fa/recovery-codes/"
    assert 'href="/admin/"' in half_signed_in.get(response["Location"]).content.decode()
    assert half_signed_in.get("/admin/").status_code == 200
    assert half_signed_in.session.session_key != before


def test_s13_a_session_that_never_showed_the_old_factor_cannot_add_one_and_walk_in(half_signed_in, dana, rf):
    give_totp(dana)
    request = rf.get("/")
    request.user, request.session = dana, half_signed_in.session
    key = Authenticator.objects.create(user=dana, type=Authenticator.Type.WEBAUTHN, data={})
    authenticator_added.send(sender=Authenticator, request=request, user=dana, authenticator=key)
    request.session.save()
    assert half_signed_in.get("/admin/").status_code == 302


def test_s13_wagtails_own_doors_are_shut(visitor, editor_client):
    assert visitor.get("/admin/login/?next=/admin/")["Location"] == "/ru/accounts/login/?next=/admin/"
    for address in ("/admin/password_reset/", "/admin/account/change_password/", "/admin/account/change_email/"):
        assert editor_client.get(address).status_code == 404


@pytest.mark.parametrize("shown", [False, True])
def test_s13_customers_are_told_that_the_desk_is_not_theirs(aigerim, shown):
    client = Client()
    client.force_login(aigerim)
    if shown:
        show_second_factor(client, aigerim)
    assert client.get("/admin/").status_code == 403


def sign_in(client, user, **fields):
    """Send the password; the code is asked next."""
    return client.post("/ru/accounts/login/", {"login": user.email, "password": PASSWORD, **fields})


def reauthenticate(client):
    client.post("/ru/accounts/reauthenticate/", {"password": PASSWORD})


def confirmed(user):
    from allauth.account.models import EmailAddress

    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)


def forget_what_this_process_remembers():
    from django.core.cache import cache

    cache.clear()

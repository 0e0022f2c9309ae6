"""Signing in and out: neutral answers, no open doors, one's own sessions (trust.md, s08, s09, s12, s14)."""

from __future__ import annotations

import re
import time

import pytest
from django.test import Client

from cabinet.customers.models import User
from cabinet.notices.delivery import deliver_due
from tests.cabinet.customers.factors import code, give_totp
from tests.conftest import PASSWORD, signed_in
from tests.mailbox import mailbox

LOGIN, RESET, CODE = "/ru/accounts/login/", "/ru/accounts/password/reset/", "/ru/accounts/2fa/authenticate/"
KNOWN, UNKNOWN = "dana@kelisim.example", "nobody@kelisim.example"


def words(response) -> str:
    """Return the page without what differs each time: token and typed address."""
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())
    return page.replace(KNOWN, "").replace(UNKNOWN, "")


@pytest.mark.parametrize(("path", "field"), [(LOGIN, "login"), (RESET, "email")])
def test_s08_known_and_unknown_addresses_get_the_same_answer(dana, path, field):
    known, unknown = (
        Client().post(path, {field: email, "password": "wrong"}, follow=True) for email in (KNOWN, UNKNOWN)
    )
    assert known.status_code == unknown.status_code == 200
    assert words(known) == words(unknown)
    assert known.redirect_chain == unknown.redirect_chain


def test_s08_a_letter_goes_to_either_address(dana, delivered):
    for email in (KNOWN, UNKNOWN):
        Client().post(RESET, {"email": email})
    letters = delivered()
    assert [letter.to for letter in letters] == [[KNOWN], [UNKNOWN]]
    assert "/password/reset/" not in letters[1].body


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "https:evil.example",
        "\t//evil.example",
    ],
)
def test_nobody_is_led_to_another_site_after_signing_in(dana, target):
    client = enter(dana, next=target)
    assert client.last["Location"] == "/admin/"
    assert client.post("/ru/accounts/logout/", {"next": target})["Location"] == LOGIN


def test_the_session_is_a_new_one_after_signing_in(dana):
    client = Client()
    client.get(LOGIN)
    client.session.save()
    planted = client.session.session_key
    enter(dana, client)
    assert client.session.session_key != planted
    assert not client.session.exists(planted)


def test_a_get_does_not_sign_out(editor_client):
    assert editor_client.get("/ru/accounts/logout/").status_code == 200
    assert editor_client.get("/admin/logout/").status_code in {302, 405}
    assert editor_client.get("/admin/").status_code == 200


@pytest.mark.parametrize("path", ["/ru/accounts/logout/", "/admin/logout/"])
def test_s12_signing_out_ends_the_session_on_the_server(editor_client, path):
    cookie = editor_client.cookies["session"].value
    editor_client.post(path)
    thief = Client()
    thief.cookies["session"] = cookie
    assert thief.get("/admin/")["Location"] == f"{LOGIN}?next=/admin/"


@pytest.mark.parametrize("path", ["/admin/", "/ru/accounts/2fa/", "/ru/accounts/sessions/", LOGIN])
def test_s12_back_shows_nothing_because_nothing_was_stored(editor_client, path):
    assert editor_client.get(path)["Cache-Control"] == "private, no-store"


def test_s12_a_new_password_ends_every_session(dana, editor_client):
    elsewhere = signed_in(dana)
    new = "another walk along the coast"
    fields = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    editor_client.post("/ru/accounts/password/change/", fields)
    assert User.objects.get(pk=dana.pk).check_password(new)
    for client in (editor_client, elsewhere):
        assert client.get("/admin/")["Location"] == f"{LOGIN}?next=/admin/"


def test_s12_a_closed_account_loses_its_sessions_at_once(dana, editor_client):
    User.objects.filter(pk=dana.pk).update(is_active=False)
    assert editor_client.get("/admin/")["Location"] == f"{LOGIN}?next=/admin/"


def test_s12_people_see_where_they_are_signed_in_and_end_the_others(dana):
    here, there = enter(dana), enter(dana, step=1)
    page = here.get("/ru/accounts/sessions/")
    assert len(page.context["sessions"]) == 2
    here.post("/ru/accounts/sessions/")
    assert there.get("/admin/").status_code == 302
    assert here.get("/admin/").status_code == 200


@pytest.mark.parametrize("path", ["2fa/totp/deactivate/", "2fa/webauthn/add/", "2fa/recovery-codes/generate/"])
def test_s12_what_matters_asks_for_a_fresh_confirmation(editor_client, path, time_machine_at):
    assert "reauthenticate" in editor_client.get(f"/ru/accounts/{path}")["Location"]
    editor_client.post("/ru/accounts/reauthenticate/", {"password": PASSWORD})
    assert editor_client.get(f"/ru/accounts/{path}").status_code == 200
    time_machine_at(minutes=11)
    assert "reauthenticate" in editor_client.get(f"/ru/accounts/{path}")["Location"]


def test_s14_a_reset_link_names_our_address_whatever_the_host_header(dana, settings, delivered):
    settings.ALLOWED_HOSTS = ["*"]
    settings.SITE_URL = "https://shop.example"
    Client().post(RESET, {"email": KNOWN}, headers={"Host": "evil.example"})
    Client().post(RESET, {"email": UNKNOWN}, headers={"Host": "evil.example"})
    letters = delivered()
    assert "https://shop.example/ru/accounts/password/reset/key/" in letters[0].body
    assert not any("evil" in str(letter.message()) for letter in letters)


def test_s14_a_reset_link_works_once(dana):
    link = reset_link()
    assert choose_password(link) == "/ru/accounts/password/reset/key/done/"
    assert choose_password(link) is None


def test_s14_opening_a_reset_link_changes_nothing(dana):
    link = reset_link()
    Client().get(link, follow=True)
    assert User.objects.get(pk=dana.pk).check_password(PASSWORD)
    assert choose_password(link)


@pytest.mark.parametrize("change", [{"email": "new@kelisim.example"}, {"password": "!"}])
def test_s14_a_reset_link_dies_when_password_or_address_changes(dana, change):
    link = reset_link()
    User.objects.filter(pk=dana.pk).update(**change)
    assert choose_password(link) is None


def test_s14_a_reset_link_dies_after_a_day(dana, time_machine_at):
    link = reset_link()
    time_machine_at(hours=25)
    assert choose_password(link) is None


def test_s14_the_token_leaves_the_address_bar_at_once(dana):
    assert Client().get(reset_link())["Location"].endswith("-set-password/")


def test_guessing_passwords_is_stopped(dana):
    for _time in range(5):
        Client().post(LOGIN, {"login": KNOWN, "password": "wrong"})
    response = Client().post(LOGIN, {"login": KNOWN, "password": PASSWORD})
    assert response.status_code == 200


def test_a_form_without_its_token_is_refused(dana):
    client = Client(enforce_csrf_checks=True)
    assert client.post(LOGIN, {"login": KNOWN, "password": PASSWORD}).status_code == 403


def enter(user, client: Client | None = None, step: int = 0, **fields) -> Client:
    """Sign in through the pages, with the code; the last answer stands in `client.last`."""
    client = client or Client()
    give_totp(user)
    client.post(LOGIN, {"login": user.email, "password": PASSWORD, **fields})
    client.last = client.post(CODE, {"code": code(step)})
    return client


def reset_link() -> str:
    Client().post(RESET, {"email": KNOWN})
    deliver_due()
    return re.search(r"http://[^/]+(\S+/key/\S+)", mailbox()[-1].body).group(1)


def choose_password(link: str) -> str | None:
    """Follow the link and send a new password; where that leads, nothing when the link is dead."""
    client = Client()
    form = client.get(link).get("Location")
    if form is None:
        return None
    new = "a quite different long walk"
    return client.post(form, {"password1": new, "password2": new}).get("Location")


@pytest.fixture
def time_machine_at():
    """Return a function that moves the clock on."""
    from datetime import timedelta

    import time_machine

    travels = []

    def move(**by):
        travel = time_machine.travel(time.time() + timedelta(**by).total_seconds(), tick=True)
        travel.start()
        travels.append(travel)

    yield move
    for travel in travels:
        travel.stop()

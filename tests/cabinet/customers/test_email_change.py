"""Another address: confirmed from the new one, taken back from the old one (trust.md, s08, s12, s14)."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.test import Client
from django.utils import timezone

from cabinet.customers.models import EmailChange, User
from tests.cabinet.customers.signing_up import (
    EMAIL,
    LOGIN,
    ask_to_change,
    change_email,
    enter,
    link_in,
    make_customer,
    sign_up,
)
from tests.conftest import PASSWORD, signed_in
from tests.mailbox import mailbox

OLD, NEW = "aigerim@customer.example", "aigerim@new.example"
GONE = 410


@pytest.fixture
def client(aigerim) -> Client:
    """Aigerim, signed in by her password."""
    make_customer(aigerim)
    return enter(OLD)


def address_of(user) -> str:
    return User.objects.get(pk=user.pk).email


def is_signed_in(client: Client) -> bool:
    return client.get("/ru/accounts/sessions/").status_code == 200


def test_s12_another_address_asks_for_a_fresh_confirmation(client, aigerim):
    assert "/reauthenticate/" in client.post(EMAIL, {"email": NEW, "action_add": ""})["Location"]
    assert not EmailAddress.objects.filter(email=NEW).exists()
    client.post("/ru/accounts/reauthenticate/", {"password": PASSWORD})
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert "/reauthenticate/" in client.post(EMAIL, {"email": NEW, "action_add": ""})["Location"]


def test_the_change_takes_effect_by_the_button_in_the_letter_to_the_new_address(client, aigerim):
    ask_to_change(client, NEW)
    assert [letter.to for letter in mailbox()] == [[NEW]]
    link = link_in(mailbox()[0])
    Client().get(link)
    assert address_of(aigerim) == OLD
    Client().post(link)
    assert address_of(aigerim) == NEW
    assert enter(NEW).last["Location"] == "/ru/cabinet/"
    assert enter(OLD).last.status_code == 200


def test_the_old_address_is_told_and_takes_the_change_back(client, aigerim):
    undo = change_email(client, NEW)
    assert mailbox()[-1].to == [OLD]
    assert Client().get(undo).status_code == 200
    assert address_of(aigerim) == NEW
    assert Client().post(undo).status_code == 200
    assert address_of(aigerim) == OLD
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [(OLD, True, True)]
    assert enter(OLD).last["Location"] == "/ru/cabinet/"


def test_s12_taking_it_back_ends_every_session(client, aigerim):
    undo = change_email(client, NEW)
    clients = [client, enter(NEW), signed_in(User.objects.get(pk=aigerim.pk))]
    assert all(is_signed_in(each) for each in clients)
    clients[0].post(undo)
    assert not any(is_signed_in(each) for each in clients)


def test_s14_the_link_works_once_and_for_a_week(client, aigerim):
    undo = change_email(client, NEW)
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1)):
        assert Client().post(undo).status_code == GONE
    assert Client().post(undo).status_code == 200
    User.objects.filter(pk=aigerim.pk).update(email=NEW)
    assert Client().get(undo).status_code == Client().post(undo).status_code == GONE
    assert address_of(aigerim) == NEW


def test_s14_only_the_hash_of_the_link_is_kept(client, aigerim):
    token = change_email(client, NEW).split("/")[-2]
    kept = EmailChange.objects.values().get()
    assert token not in str(kept) and len(kept["token_sha256"]) == 64


def test_s14_a_foreign_link_opens_nothing(client, aigerim):
    change_email(client, NEW)
    assert Client().post("/ru/accounts/email/undo/AAAA/").status_code == GONE
    assert address_of(aigerim) == NEW


def test_s14_an_earlier_owner_wins_over_a_later_one(client, aigerim):
    first = change_email(client, NEW)
    second = change_email(client, "third@new.example")
    assert Client().post(first).status_code == 200
    assert address_of(aigerim) == OLD
    assert Client().post(second).status_code == GONE


def test_s14_an_intruder_cannot_use_up_the_owners_link(client, aigerim):
    first = change_email(client, NEW)
    second = change_email(client, "third@new.example")
    assert Client().post(second).status_code == 200
    assert Client().post(first).status_code == 200
    assert address_of(aigerim) == OLD


def test_s14_taking_it_back_kills_links_sent_before_and_after(client, aigerim):
    Client().post("/ru/accounts/password/reset/", {"email": OLD})
    before = link_in(mailbox()[-1])
    undo = change_email(client, NEW)
    Client().post("/ru/accounts/password/reset/", {"email": NEW})
    after = link_in(mailbox()[-1])
    ask_to_change(client, "third@new.example")
    pending = link_in(mailbox()[-1])
    Client().post(undo)
    for link in (before, after):
        assert Client().get(link).status_code == 200  # a live one leads on
    assert Client().post(pending).status_code == 404
    assert address_of(aigerim) == OLD


def test_taking_it_back_tells_the_new_address_nothing_personal(client, aigerim):
    Client().post(change_email(client, NEW))
    letter = mailbox()[-1]
    assert letter.to == [NEW]
    assert OLD not in letter.body and "Айгерім" not in letter.body


def test_while_it_can_be_taken_back_nobody_else_gets_the_old_address(client, aigerim, boris):
    undo = change_email(client, NEW)
    sign_up(email=OLD)
    assert not User.objects.filter(email=OLD).exists()
    assert Client().post(undo).status_code == 200


def test_s14_a_new_password_kills_the_link_to_another_address(client, aigerim):
    ask_to_change(client, NEW)
    link = link_in(mailbox()[0])
    new = "another walk along the coast"
    client.post("/ru/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert Client().post(link).status_code == 404
    assert address_of(aigerim) == OLD


def test_who_only_wishes_for_an_address_gets_no_letters_for_it(client, aigerim):
    ask_to_change(client, NEW)
    for path in ("password/reset/", "login/code/"):
        Client().post(f"/ru/accounts/{path}", {"email": NEW})
        assert "/accounts/signup/" in mailbox()[-1].body


@pytest.mark.parametrize(
    "spelling", ["boris@customer.example", "BORIS@Customer.example", "ｂｏｒｉｓ@customer.example"]
)
def test_s08_anothers_address_in_any_spelling_is_answered_like_a_free_one(client, aigerim, boris, spelling):
    client.get(EMAIL)  # what signing in had to say is said
    free = ask_to_change(client, NEW)
    free_page = client.get(EMAIL).content.decode().replace(NEW, "")
    taken = ask_to_change(client, spelling)
    taken_page = client.get(EMAIL).content.decode().replace(boris.email, "")
    assert (free.status_code, free["Location"]) == (taken.status_code, taken["Location"])
    assert without_token(free_page) == without_token(taken_page)
    assert mailbox()[-1].to == [boris.email]
    assert "confirm-email" not in mailbox()[-1].body
    assert address_of(boris) == boris.email


def test_s14_letters_name_our_address_whatever_the_host_header(client, aigerim, settings):
    settings.ALLOWED_HOSTS, settings.SITE_URL = ["*"], "https://shop.example"
    client.defaults["HTTP_HOST"] = "evil.example"
    change_email(client, NEW)
    assert not any("evil" in letter.body for letter in mailbox())
    assert "https://shop.example/ru/accounts/email/undo/" in mailbox()[-1].body


def test_nothing_of_a_page_of_ones_own_is_stored(client, aigerim):
    assert client.get(EMAIL)["Cache-Control"] == "private, no-store"
    assert Client().get("/ru/accounts/email/undo/AAAA/")["Cache-Control"] == "private, no-store"
    assert client.get(LOGIN)["Location"] == "/ru/cabinet/"


def without_token(page: str) -> str:
    import re

    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)

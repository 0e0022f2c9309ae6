"""Deleting in the cabinet: single things at once, the account in calm steps; and the page without an account."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import override

from cabinet.audit.telling import history_of
from cabinet.consents.consenting import give
from cabinet.consents.models import ConsentReceipt
from cabinet.customers.models import Address, Customer
from cabinet.jobs.running import run_due
from cabinet.privacy.confirming import ConfirmForm
from cabinet.privacy.erasures import Erasure, State
from cabinet.privacy.models import Tombstone
from tests.cabinet.customers.factors import code, give_totp
from tests.cabinet.privacy import people
from tests.conftest import PASSWORD, signed_in

ERASE = "/ru/cabinet/data/erase/"
PAGES = ["", "account/", "locked/", "locked/now/", "account/confirm/"]
HOSTILE = "<script>alert(1)</script>{{ 7|add:7 }}"


@pytest.fixture
def client(site_ru, known):
    return signed_in(known)


@pytest.fixture
def fresh(client):
    """The same browser, its person's password typed just now."""
    client.post("/ru/accounts/reauthenticate/", {"password": PASSWORD})
    return client


@pytest.fixture
def give_consent(composed):
    """Return a function by which a customer agrees to something."""
    return lambda user, purpose, medium: give(customer=user.customer, composed=composed(purpose, medium))


def agree(client, **more):
    return client.post(f"{ERASE}account/confirm/", {"word": "удалить", "bonuses": "on", **more})


def day_of(moment):
    with override("ru"):
        return date_format(timezone.localtime(moment), "DATE_FORMAT")


def words_of(answer):
    return " ".join(answer.text.split())


# Single things -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", ["last_name", "birth_date", "postal_address"])
def test_a_field_goes_in_one_confirmed_step_while_an_order_is_held(client, known, field):
    people.order(known.customer, "A-1", ended=None)
    url = f"{ERASE}thing/{field.replace('_', '-')}/"
    assert client.get(url).status_code == 200
    assert getattr(Customer.objects.get(), field)
    assert client.post(url).status_code == 303
    assert not getattr(Customer.objects.get(), field)
    assert client.post(url).status_code == 404


def test_the_page_says_in_which_order_it_stays_and_until_when(client, known):
    held = people.order(known.customer, "A-1", objections=5)
    page = words_of(client.get(f"{ERASE}thing/phone/"))
    assert "A-1" in page and day_of(held.objections_until) in page
    assert "A-1" not in client.get(f"{ERASE}thing/birth-date/").text


def test_s12_a_phone_wants_a_fresh_confirmation(client, known):
    url = f"{ERASE}thing/phone/"
    with time_machine.travel(timezone.now() + timedelta(minutes=11), tick=False):
        asked = client.post(url)
        assert asked.url.startswith("/ru/accounts/reauthenticate/") and Customer.objects.get().phone
        client.post(asked.url, {"password": PASSWORD, "next": url})
    assert not Customer.objects.get().phone


def test_an_address_goes_for_good(client, known):
    address = Address.objects.get()
    assert client.post(f"{ERASE}thing/address.{address.public_id}/").status_code == 303
    assert not Address.objects.exists()


def test_all_addresses_go_at_once(client, known):
    Address.objects.create(customer=known.customer, city="Астана", street="Мәңгілік ел, 1")
    assert client.post(f"{ERASE}thing/category.customers-addresses/").status_code == 303
    assert not Address.objects.exists()


def test_a_subscription_goes_while_an_order_is_held_and_the_order_stays(client, known, give_consent):
    people.order(known.customer, "A-1", ended=None)
    give_consent(known, "news.prices", "email")
    assert f"{ERASE}thing/news.news.prices.email/" in client.get(ERASE).text
    assert client.post(f"{ERASE}thing/news.news.prices.email/").status_code == 303
    assert not ConsentReceipt.objects.in_force().filter(purpose="news.prices").exists()
    assert known.customer.orders.get().person.name


def test_a_passkey_and_an_app_go_in_one_step_each(client, known):
    known.authenticator_set.all().delete()
    made = {"user": known, "type": Authenticator.Type.WEBAUTHN, "data": {"name": "My telephone", "credential": {}}}
    passkey, app = Authenticator.objects.create(**made), give_totp(known)
    client.post("/ru/accounts/2fa/reauthenticate/", {"code": code()})
    page = client.get(ERASE).text
    assert "My telephone" in page
    for way, gone in (
        (f"/ru/accounts/2fa/webauthn/keys/{passkey.pk}/remove/", passkey),
        ("/ru/accounts/2fa/totp/deactivate/", app),
    ):
        assert f'href="{way}"' in page
        assert client.get(way).status_code == 200 and client.post(way).status_code == 302
        assert not Authenticator.objects.filter(pk=gone.pk).exists() and way not in client.get(ERASE).text


def test_s02_boris_removes_no_passkey_of_aigerims(known, boris):
    made = {"user": known, "type": Authenticator.Type.WEBAUTHN, "data": {"name": "My telephone", "credential": {}}}
    passkey = Authenticator.objects.create(**made)
    other = signed_in(boris)
    other.post("/ru/accounts/reauthenticate/", {"password": PASSWORD})
    assert other.post(f"/ru/accounts/2fa/webauthn/keys/{passkey.pk}/remove/").status_code == 404
    assert Authenticator.objects.filter(pk=passkey.pk).exists()


def test_s02_boris_deletes_nothing_of_aigerims(known, boris):
    address = Address.objects.get()
    answer = signed_in(boris).post(f"{ERASE}thing/address.{address.public_id}/")
    assert answer.status_code == 404 and Address.objects.exists()


def test_what_the_shop_demands_goes_only_with_the_account(client, settings):
    settings.ASKED_FIELDS = {"first_name": True}
    assert client.post(f"{ERASE}thing/first-name/").status_code == 404


def test_a_trace_names_the_thing_and_not_what_it_was(client, known):
    client.post(f"{ERASE}thing/birth-date/")
    event = history_of(known.customer.subject)[0]
    assert event.name == "customers.profile.changed" and event.payload == {"fields": ["birth_date"]}
    assert Tombstone.objects.get().what["field"] == "birth_date"  # i12


# The account ---------------------------------------------------------------------------------------------------------


def test_looking_changes_nothing(fresh, known):
    people.order(known.customer, "A-1", objections=5)
    for page in PAGES:
        fresh.get(f"{ERASE}{page}")
    assert not Erasure.objects.exists()


def test_the_preview_tells_what_goes_what_stays_and_bonuses(client, known):
    people.order(known.customer, "A-1", objections=5)
    text = words_of(client.get(f"{ERASE}account/"))
    assert "A-1" in text and "6.3" in text and "250" in text


def test_s05_names_and_numbers_are_inert(client, known):
    Customer.objects.update(last_name=HOSTILE, postal_address=HOSTILE)
    people.order(known.customer, HOSTILE[:40], ended=None)
    Address.objects.update(label=HOSTILE)
    key = Address.objects.get().public_id
    for page in ["", "account/", "thing/last-name/", f"thing/address.{key}/", "thing/phone/"]:
        text = client.get(f"{ERASE}{page}").text
        assert ("<script>alert" not in text and "&lt;script&gt;" in text) or page == "thing/phone/"


def test_cancel_has_the_focus(fresh, known):
    for page in ["account/", "account/confirm/", "thing/birth-date/"]:
        text = fresh.get(f"{ERASE}{page}").text
        assert text.count("autofocus") == 1 and 'href="/ru/cabinet/data/erase/" autofocus' in text


def test_s12_an_old_session_alone_asks_for_nothing(client):
    with time_machine.travel(timezone.now() + timedelta(minutes=11), tick=False):
        assert agree(client).url.startswith("/ru/accounts/reauthenticate/")
    assert not Erasure.objects.exists()


@pytest.mark.parametrize("word", ["УДАЛИТЬ", " жою ", "Delete", "«удалить»", "УДAЛИТЬ"])
def test_the_word_is_taken_in_any_language_and_size(word):
    assert ConfirmForm({"word": word}, bonuses=0).is_valid()


@pytest.mark.parametrize("word", ["", "удали", "yes", "УДАЛИТЬ всё"])
def test_another_word_deletes_nothing(fresh, word):
    assert agree(fresh, word=word).status_code == 422
    assert not Erasure.objects.exists()


def test_bonuses_are_given_up_by_a_tick(fresh):
    assert fresh.post(f"{ERASE}account/confirm/", {"word": "удалить"}).status_code == 422
    assert not Erasure.objects.exists()


def test_s04_more_fields_change_nothing(fresh, known):
    agree(fresh, state="done", due_at="2000-01-01", customer="1", reason="idle", is_staff="on")
    erasure = Erasure.objects.get()
    assert erasure.state == State.REQUESTED and erasure.reason == "person" and erasure.due_at > timezone.now()


def test_f05_a_doubled_click_and_two_tabs_make_one_erasure(fresh, known):
    other = signed_in(known)
    other.post("/ru/accounts/reauthenticate/", {"password": PASSWORD})
    answers = [agree(fresh), agree(fresh), agree(other)]
    assert Erasure.objects.count() == 1
    assert {answer.status_code for answer in answers} <= {302, 303}


def test_asked_for_it_locks_the_cabinet_to_one_screen(fresh, known):
    agree(fresh)
    for page in ["", "profile/", "data/", "data/erase/", "data/erase/account/", "addresses/add/"]:
        assert fresh.get(f"/ru/cabinet/{page}").url == f"{ERASE}locked/"
    text = fresh.get(f"{ERASE}locked/").text
    assert text.count("autofocus") == 1 and "erase/locked/cancel/" in text


def test_s12_all_other_sessions_end(known, fresh):
    elsewhere = signed_in(known)
    agree(fresh)
    assert elsewhere.get("/ru/cabinet/").url.startswith("/ru/accounts/login/")
    assert fresh.get(f"{ERASE}locked/").status_code == 200


def test_signing_in_offers_to_call_it_off_and_does_not_do_it(fresh, known):
    agree(fresh)
    known.refresh_from_db()
    again = signed_in(known)
    assert again.get("/ru/cabinet/").url == f"{ERASE}locked/"
    assert Erasure.objects.get().state == State.REQUESTED


def test_called_off_everything_is_as_it_was(fresh, known, delivered):
    agree(fresh)
    assert fresh.post(f"{ERASE}locked/cancel/").url == "/ru/cabinet/"
    assert fresh.get("/ru/cabinet/").status_code == 200
    erasure = Erasure.objects.get()
    assert erasure.state == State.CANCELLED and erasure.sealed == ""
    assert len([letter for letter in delivered() if "KEL-" in letter.body]) == 2
    assert agree(fresh).url == f"{ERASE}locked/"


def test_now_wants_a_fresh_confirmation_and_ends_in_the_status_page(fresh, known):
    agree(fresh)
    with time_machine.travel(timezone.now() + timedelta(minutes=11), tick=False):
        assert fresh.post(f"{ERASE}locked/now/").url.startswith("/ru/accounts/reauthenticate/")
    answer = fresh.post(f"{ERASE}locked/now/")
    assert answer.status_code == 303 and answer.url.startswith("/ru/erasure/")
    assert Erasure.objects.get().state == State.REQUESTED
    run_due()
    assert Erasure.objects.get().state == State.DONE
    page = fresh.get(answer.url)
    assert page.status_code == 200 and Erasure.objects.get().digest in page.text
    assert fresh.get("/ru/cabinet/").url.startswith("/ru/accounts/login/")


def test_it_cannot_be_called_off_once_it_has_begun(fresh, known):
    people.order(known.customer, "A-1", ended=None)
    agree(fresh)
    Erasure.objects.update(state=State.RUNNING)
    fresh.post(f"{ERASE}locked/cancel/")
    assert Erasure.objects.get().state == State.RUNNING


def test_the_account_of_the_erased_opens_no_more(known, erase, visitor, site_ru):
    people.order(known.customer, "A-1", ended=None)
    erase(known)
    answer = visitor.post("/ru/accounts/login/", {"login": known.email, "password": PASSWORD})
    assert answer.status_code == 200 and "_auth_user_id" not in visitor.session


def test_the_status_page_needs_no_account_and_tells_nobody(known, erase, site_ru):
    people.order(known.customer, "A-1", objections=5)
    erasure = erase(known)
    answer = Client().get(erasure.status_path)
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "private, no-store"
    assert "noindex" in answer.text and not answer.cookies
    assert not any(canary in answer.text for canary in (*people.CANARIES, known.email))


def test_a_status_page_of_nobody_is_a_404(site_ru, visitor):
    assert visitor.get("/ru/erasure/guessed/").status_code == 404


def test_an_e_mail_changed_while_locked_gets_the_letters(fresh, known, delivered):
    agree(fresh)
    known.refresh_from_db()
    known.email = "aigerim-new@customer.example"
    known.save()
    fresh.post("/ru/accounts/reauthenticate/", {"password": PASSWORD})
    fresh.post(f"{ERASE}locked/now/")
    run_due()
    assert Erasure.objects.get().state == State.DONE
    assert delivered()[-1].to == ["aigerim-new@customer.example"]


@pytest.mark.parametrize("language", ["kk", "en"])
def test_every_page_speaks_each_language(fresh, known, language):
    for page in ["", "account/", "account/confirm/", "thing/birth-date/"]:
        assert fresh.get(f"/{language}/cabinet/data/erase/{page}").status_code == 200

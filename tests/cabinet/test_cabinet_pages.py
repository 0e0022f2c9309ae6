"""A customer's own pages: what they show, whose they are, and that nothing typed is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from cabinet.customers.actions import MOST_ADDRESSES
from cabinet.customers.models import Address
from cabinet.customers.people import UNDO_WITHIN
from cabinet.privacy.retention import enforce_one
from tests.conftest import PASSWORD

PAGES = ["", "profile/", "addresses/", "addresses/add/", "data/", "data/export/", "data/readers/", "data/history/"]
HOME = {
    "label": "Үй",
    "city": "Алматы",
    "street": "Абай даңғылы, 10",
    "apartment": "5",
    "postcode": "050000",
    "note": "",
}


@pytest.fixture
def client(site_ru, customer_client):
    return customer_client


@pytest.fixture
def home(aigerim):
    return Address.objects.create(customer=aigerim.customer, **HOME)


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_and_is_never_stored(client, language, page):
    answer = client.get(f"/{language}/cabinet/{page}")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("page", PAGES)
def test_a_visitor_is_led_to_sign_in(visitor, site_ru, page):
    answer = visitor.get(f"/kk/cabinet/{page}")
    assert answer.status_code == 302
    assert answer.url.startswith("/kk/accounts/login/")


def test_staff_have_no_cabinet(editor_client, site_ru):
    assert editor_client.get("/ru/cabinet/").status_code == 404


def test_the_language_switch_stays_on_the_page(client):
    assert 'href="/kk/cabinet/addresses/"' in client.get("/ru/cabinet/addresses/").text


def test_no_page_of_the_cabinet_asks_about_cookies(client):
    assert "cookie_banner" not in client.get("/ru/cabinet/").text


# The profile --------------------------------------------------------------------------------------------------------


def form_of(client, url):
    return {field.html_name: field.value() or "" for field in client.get(url).context["form"]}


def test_a_saved_profile_says_so_and_is_shown_at_once(client, aigerim):
    filled = {**form_of(client, "/ru/cabinet/profile/"), "first_name": "Айгерім", "phone": "8 701 000 00 01"}
    answer = client.post(
        "/ru/cabinet/profile/", {k: v for k, v in filled.items() if isinstance(v, str | int)}, follow=True
    )
    assert "Профиль сохранён" in answer.text
    assert "Айгерім" in client.get("/ru/cabinet/").text
    aigerim.customer.refresh_from_db()
    assert str(aigerim.customer.phone) == "+77010000001"


def test_s12_another_phone_wants_a_fresh_confirmation_and_nothing_typed_is_lost(client, aigerim):
    typed = {"first_name": "Айгерім", "phone": "8 701 000 00 01", "language": "kk"}
    assert client.post("/ru/cabinet/profile/", typed).url == "/ru/cabinet/profile/"
    asked = client.post("/ru/cabinet/profile/", {**typed, "phone": "8 701 000 00 02"})
    assert asked.url.startswith("/ru/accounts/reauthenticate/")
    aigerim.customer.refresh_from_db()
    assert str(aigerim.customer.phone) == "+77010000001"
    client.post(asked.url, {"password": PASSWORD, "next": "/ru/cabinet/profile/"})
    aigerim.customer.refresh_from_db()
    assert str(aigerim.customer.phone) == "+77010000002"


def test_a_wrong_number_is_told_and_what_was_typed_stays(client):
    answer = client.post("/kk/cabinet/profile/", {"first_name": "Айгерім", "phone": "12", "language": "kk"})
    assert answer.status_code == 422
    assert 'value="Айгерім"' in answer.text and answer.context["form"].errors["phone"]


# Addresses ----------------------------------------------------------------------------------------------------------


def test_a_doubled_click_adds_one_address(client, aigerim):
    for _click in range(2):
        assert client.post("/ru/cabinet/addresses/add/", HOME).status_code == 302
    assert aigerim.customer.addresses.count() == 1


def test_a_removed_address_can_be_put_back(client, home):
    answer = client.post(f"/ru/cabinet/addresses/{home.public_id}/remove/", follow=True)
    assert "Удалён: 050000, Алматы" in answer.text
    assert not Address.objects.present().exists()
    client.post(f"/ru/cabinet/addresses/{home.public_id}/restore/")
    assert Address.objects.present().exists()


def test_after_ten_minutes_it_is_gone_for_good(client, home):
    client.post(f"/ru/cabinet/addresses/{home.public_id}/remove/")
    with time_machine.travel(timezone.now() + UNDO_WITHIN + timedelta(seconds=1), tick=False):
        assert client.post(f"/ru/cabinet/addresses/{home.public_id}/restore/").status_code == 404
        assert enforce_one("customers.addresses") == 1
    assert not Address.objects.exists()


def test_there_is_an_end_to_addresses(client, aigerim, home):
    Address.objects.bulk_create(Address(customer=aigerim.customer, **HOME) for _each in range(MOST_ADDRESSES - 1))
    answer = client.post("/ru/cabinet/addresses/add/", {**HOME, "street": "Другая, 1"})
    assert answer.status_code == 422 and "Другая, 1" in answer.text
    assert aigerim.customer.addresses.count() == MOST_ADDRESSES


@pytest.mark.parametrize("deed", ["", "remove/", "restore/"])
def test_s02_boris_finds_nothing_at_aigerims_address(site_ru, home, boris, deed):
    from tests.conftest import signed_in

    his = signed_in(boris)
    url = f"/ru/cabinet/addresses/{home.public_id}/{deed}"
    assert his.post(url, HOME | {"city": "Семей"}).status_code == 404
    if not deed:
        assert his.get(url).status_code == 404
    home.refresh_from_db()
    assert (home.city, home.removed_at) == ("Алматы", None)


@pytest.mark.parametrize("deed", ["remove/", "restore/"])
def test_s07_nothing_is_removed_by_a_link(client, home, deed):
    assert client.get(f"/ru/cabinet/addresses/{home.public_id}/{deed}").status_code == 405


def test_s05_a_hostile_address_is_text(client, aigerim):
    Address.objects.create(customer=aigerim.customer, **{**HOME, "street": "<script>alert(1)</script>"})
    for page in ("", "addresses/", "data/"):
        assert "<script>alert" not in client.get(f"/ru/cabinet/{page}").text


# What it costs ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("page", "bound"), [("", 12), ("addresses/", 8), ("data/history/", 8), ("data/export/", 8)])
def test_queries_do_not_grow_with_rows(client, aigerim, django_assert_max_num_queries, page, bound):
    for count in (0, MOST_ADDRESSES):
        Address.objects.bulk_create(Address(customer=aigerim.customer, **HOME) for _each in range(count))
        with django_assert_max_num_queries(bound):
            client.get(f"/ru/cabinet/{page}")

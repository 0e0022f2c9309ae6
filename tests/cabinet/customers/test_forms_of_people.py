"""Profile and address: what may be typed, what is kept, and two windows at once (trust.md, f13)."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

import pytest
import time_machine
from django.http import QueryDict

from cabinet.customers.forms_of_people import AddressForm, ProfileForm
from cabinet.customers.models import Address, Customer

HOME = {"city": "Алматы", "street": "Абай даңғылы, 10"}


@pytest.fixture
def customer(aigerim):
    Customer.objects.filter(user=aigerim).update(first_name="Айгерім", language="kk")
    return Customer.objects.get(user=aigerim)


def profile(customer, **typed) -> ProfileForm:
    """A profile form as the page would send it back."""
    customer = Customer.objects.get(pk=customer.pk)
    return ProfileForm(posted({"language": "kk", "version": str(customer.version), **typed}), instance=customer)


def posted(typed: dict[str, str]) -> QueryDict:
    """What was typed, on its way over the wire, where half a character is a broken byte."""
    return QueryDict(urlencode(typed, errors="surrogatepass"))


@pytest.mark.parametrize(
    "typed", ["8 701 123 45 67", "+7 (701) 123-45-67", "87011234567", "7011234567", "\u202a+77011234567\u202c"]
)
def test_a_phone_typed_any_way_is_kept_one_way(customer, typed):
    assert profile(customer, phone=typed).saved()
    assert str(Customer.objects.get(pk=customer.pk).phone) == "+77011234567"


def test_a_phone_that_nobody_can_dial_is_told_and_kept_as_typed(customer):
    form = profile(customer, phone="8 701 12")
    assert not form.saved()
    assert "8 701 123 45 67" in form.errors["phone"][0]
    assert 'value="8 701 12"' in str(form["phone"])


@pytest.mark.parametrize(
    ("day", "month", "year"),
    [
        ("31", "2", "1990"),
        ("1", "1", "1890"),
        ("1", "1", "2025"),
        ("2", "1", "2012"),
        ("1", "", "1990"),
        ("x", "1", "1990"),
        ("1", "1", "99999"),
    ],
)
def test_a_birth_date_that_cannot_be_is_refused(customer, day, month, year):
    with time_machine.travel("2026-01-01T12:00:00+05:00"):
        form = profile(customer, birth_date_day=day, birth_date_month=month, birth_date_year=year)
        assert not form.saved()
        assert len(form.errors["birth_date"]) == 1


def test_a_birth_date_is_typed_in_three_parts(customer):
    assert profile(customer, birth_date_day="7", birth_date_month="03", birth_date_year="1990").saved()
    assert Customer.objects.get(pk=customer.pk).birth_date == date(1990, 3, 7)


def test_whoever_is_fourteen_today_may_have_an_account(customer):
    with time_machine.travel("2026-01-01T12:00:00+05:00"):
        assert profile(customer, birth_date_day="1", birth_date_month="1", birth_date_year="2012").saved()


def test_two_windows_the_later_is_told_and_loses_nothing(customer):
    early, late = profile(customer, first_name="Айгерім", last_name="Ахметова"), profile(customer, first_name="Айка")
    assert early.saved()
    assert not late.saved()
    assert "Ахметова" in late.non_field_errors()[0]
    assert 'value="Айка"' in str(late["first_name"])
    again = ProfileForm(late.data, instance=Customer.objects.get(pk=customer.pk))
    assert again.saved()
    assert Customer.objects.get(pk=customer.pk).first_name == "Айка"


def test_saving_the_same_again_is_no_change(customer):
    assert profile(customer, first_name="Айгерім").saved()
    assert Customer.objects.get(pk=customer.pk).version == 0


def test_a_mangled_version_counts_as_outdated(customer):
    assert not profile(customer, first_name="Айка", version="1 OR 1=1").saved()


def test_an_address_is_added_changed_and_told_when_it_is_gone(customer):
    form = AddressForm(HOME, instance=Address(customer=customer))
    assert form.saved()
    address = Address.objects.get()
    assert AddressForm({**HOME, "note": "Домофон 12\r\n👩‍👧 қоңырау", "version": "0"}, instance=address).saved()
    Address.objects.update(removed_at="2026-01-01T00:00:00Z")
    late = AddressForm({**HOME, "version": "1"}, instance=Address.objects.get())
    assert not late.saved()
    assert late.non_field_errors()


HOSTILE = {
    "a NUL": "Ал\x00маты",
    "a lone surrogate": "Ал\ud800маты",
    "a turn of direction": "Ал\u202eматы",
    "an isolate": "Ал\u2067маты",
    "nothing wide": "Ал\u200bматы",
    "a bell": "Ал\x07маты",
    "an escape": "Ал\x1b[31mматы",
    "a line break": "Ал\nматы",
    "a line separator": "Ал\u2028маты",
    "a thousand marks": "А" + "\u0301" * 1000,
    "a thousand letters": "Ә" * 1000,
    "no character": "Ал\uffffматы",
    "private use": "Ал\ue000маты",
    "a broken byte": "Ал\ufffdматы",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("name", ["first_name", "last_name", "postal_address"])
def test_f13_a_profile_refuses_what_nobody_can_see(customer, name, text):
    form = profile(customer, **{name: text})
    assert not form.saved()
    assert list(form.errors) == [name]
    form.as_p().encode()


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("name", ["label", "city", "street", "apartment", "postcode", "note"])
def test_f13_an_address_refuses_what_nobody_can_see(customer, name, text):
    if name == "note" and "\n" in text:
        pytest.skip("A note may have lines.")
    form = AddressForm(posted({**HOME, name: text}), instance=Address(customer=customer))
    assert not form.saved()
    assert list(form.errors) == [name]
    form.as_p().encode()


@pytest.mark.parametrize("name", ["phone", "birth_date_day", "birth_date_year", "language", "version"])
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_f13_other_fields_answer_calmly(customer, name, text):
    form = profile(customer, **{name: text})
    form.saved()
    form.as_p().encode()


@pytest.mark.parametrize(
    "text",
    [
        "Әғқңөұүһі ӘҒҚҢӨҰҮҺІ",
        "Ёлкин-Салтыков",
        "O’Brien",
        "Nguyễn Thị Ái",
        "李小龍",
        "محمد",
        "=cmd|' /C calc'!A0",
        "<b>Aigerim</b>",
    ],
)
def test_f13_names_of_people_stay_as_they_are(customer, text):
    assert profile(customer, first_name=text).saved()
    assert Customer.objects.get(pk=customer.pk).first_name == text


def test_f13_two_spellings_of_a_letter_become_one_and_spaces_are_tidied(customer):
    assert profile(customer, first_name="  Бори\u0301с \u00a0 Й\u0438\u0306 ").saved()
    assert Customer.objects.get(pk=customer.pk).first_name == "Бори\u0301с Йй"


@pytest.mark.parametrize(
    "text", ["Kод 12 👍🏽", "👩‍👧‍👦", "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "1️⃣ қабат"]
)
def test_f13_emoji_are_fine_in_a_note(customer, text):
    assert AddressForm(posted({**HOME, "note": text}), instance=Address(customer=customer)).saved()
    assert Address.objects.get().note == text


def test_s04_posting_every_field_of_every_model_changes_only_the_allowed_ones(customer, boris):
    forged = {field.name: "1" for model in (Customer, Address) for field in model._meta.get_fields()}
    forged |= {"customer": boris.pk, "user": boris.pk, "is_staff": "on", "bonus_balance": "9", "status": "done"}
    before = Customer.objects.values("id", "user", "public_id", "subject", "created_at").get(pk=customer.pk)
    typed = posted({**forged, "version": "0", "language": "ru", "phone": "", "birth_date": ""})
    assert ProfileForm(typed, instance=Customer.objects.get(pk=customer.pk)).saved()
    assert before == Customer.objects.values("id", "user", "public_id", "subject", "created_at").get(pk=customer.pk)
    address = Address.objects.create(customer=customer, **HOME)
    kept = Address.objects.values("id", "customer", "public_id", "added_at", "removed_at").get()
    assert AddressForm(posted(forged | {"version": "0"}), instance=address).saved()
    assert kept == Address.objects.values("id", "customer", "public_id", "added_at", "removed_at").get()


def test_what_the_shop_demands_cannot_be_emptied_in_the_profile(customer, settings):
    settings.ASKED_FIELDS = {"phone": True}
    assert list(profile(customer, first_name="Айгерім").errors) == ["phone"]


def test_nobody_saves_an_address_of_somebody_else(customer, boris):
    his = Customer.objects.get_or_create(user=boris, defaults={"language": "ru"})[0]
    address = Address.objects.create(customer=his, **HOME)
    address.customer = customer
    assert not AddressForm(posted({**HOME, "city": "Атырау", "version": "0"}), instance=address).saved()
    assert Address.objects.get().city == HOME["city"]

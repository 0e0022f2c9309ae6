"""Consents at sign-up: boxes of their own, none ticked, each its own receipt."""

from __future__ import annotations

import re
import time

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cabinet.audit.models import Event
from cabinet.consents.models import ConsentReceipt
from cabinet.customers.models import Customer, User
from cms_pages.models import OperatorCard
from tests.conftest import PASSWORD

SIGN_UP, NEW = "/ru/accounts/signup/", "aigerim@new.example"
BOXES = ["consent_order", "consent_bonuses", "consent_news_assortment_email", "consent_news_prices_email"]


def words(client):
    return client.get(SIGN_UP).context["form"]["consent_words"].value()


def sign_up(client=None, email=NEW, **fields):
    client = client or Client()
    known = {"email": email, "password1": PASSWORD, "first_name": "Айгерім", "consent_words": words(client)}
    return client.post(SIGN_UP, {**known, "consent_order": "on", **fields})


def test_each_consent_has_a_box_that_is_not_ticked(visitor, shop):
    page = visitor.get(SIGN_UP)
    assert [field.name for field, _composed in page.context["form"].boxes] == BOXES
    assert not re.search(r"<input[^>]* checked", page.text)
    assert page.text.count("/ru/privacy/editions/1/") == len(BOXES)


def test_what_is_ticked_is_agreed_to_and_nothing_else(shop):
    assert sign_up(consent_news_prices_email="on").status_code == 302
    receipts = ConsentReceipt.objects.of(Customer.objects.get().subject)
    assert {(each.purpose, each.medium) for each in receipts} == {("order", ""), ("news.prices", "email")}
    assert Event.objects.filter(name="consents.consent.given").count() == 2


def test_without_the_accounts_consent_there_is_no_account(shop):
    form = sign_up(consent_order="").context["form"]
    assert list(form.errors) == ["consent_order"]
    assert form["email"].value() == NEW
    assert not User.objects.filter(email=NEW).exists()


def test_nothing_but_the_accounts_consent_is_demanded(shop):
    assert sign_up().status_code == 302
    assert ConsentReceipt.objects.get().purpose == "order"


def test_words_that_changed_while_the_page_was_open_are_shown_again(shop):
    client = Client()
    read = words(client)
    OperatorCard.objects.update(bin="999999999999")
    form = sign_up(client, consent_words=read).context["form"]
    assert list(form.errors) == ["consent_order"]
    assert not form["consent_order"].value()
    assert form["consent_words"].value() == words(client)
    assert not ConsentReceipt.objects.exists()


def test_words_that_were_never_shown_are_not_agreed_to(shop):
    assert sign_up(consent_words="").status_code == 200
    assert not User.objects.filter(email=NEW).exists()


def test_who_has_an_account_gets_the_same_answer_and_no_receipt(shop, aigerim):
    new, known = sign_up(), sign_up(email=aigerim.email)
    assert (known.status_code, known["Location"]) == (new.status_code, new["Location"])
    assert not ConsentReceipt.objects.of(aigerim.customer.subject).exists()


def test_s23_where_no_consent_can_be_taken_no_account_is_opened(visitor, site_ru):
    assert visitor.get(SIGN_UP).status_code == 200
    answer = sign_up(visitor)
    assert answer.status_code == 200
    assert answer.context["form"].non_field_errors()
    assert not User.objects.filter(email=NEW).exists()


def test_i1_account_and_consents_stand_or_fall_together(shop, monkeypatch):
    def refuse(**facts):
        raise RuntimeError

    monkeypatch.setattr("cabinet.consents.sign_up.give", refuse)
    with pytest.raises(RuntimeError):
        sign_up()
    assert not User.objects.filter(email=NEW).exists()


@pytest.mark.parametrize("name", ["consent_transfer", "consent_analytics", "consent_news_prices_sms", "consent_x"])
def test_s04_a_box_that_was_not_offered_is_no_consent(shop, name):
    sign_up(**{name: "on"})
    assert ConsentReceipt.objects.get().purpose == "order"


# Neutral answers ----------------------------------------------------------------------------------------------------


def effort(email):
    """Processor time and queries of signing up with every box ticked."""
    client = Client()
    fields = {"consent_words": words(client), **dict.fromkeys(BOXES, "on")}
    begun = time.process_time()
    with CaptureQueriesContext(connection) as asked:
        client.post(SIGN_UP, {"email": email, "password1": PASSWORD, "first_name": "A", **fields})
    return time.process_time() - begun, len(asked)


def test_s08_consents_do_not_tell_by_their_time_whether_an_address_is_known(shop, aigerim, settings, record_property):
    settings.ACCOUNT_RATE_LIMITS = False
    known, strange = [], []
    for number in range(4):
        known.append(effort(aigerim.email))
        strange.append(effort(f"person{number}@customer.example"))
    # Without the slow hashing of passwords, beside which receipts would hardly be seen.
    told = [(min(each[0] for each in efforts) * 1000, efforts[-1][1]) for efforts in (known, strange)]
    text = "{:.0f} ms and {} queries known, {:.0f} ms and {} queries unknown".format(*told[0], *told[1])
    record_property("s08 sign up with consents", text)
    assert 0.8 < told[0][1] / told[1][1] < 1.25, text
    assert 1 / 3 < told[0][0] / told[1][0] < 3, text


def test_s08_what_is_done_for_a_known_address_leaves_nothing(shop, aigerim):
    before = User.objects.count()
    sign_up(email=aigerim.email, **dict.fromkeys(BOXES, "on"))
    assert User.objects.count() == before
    assert not ConsentReceipt.objects.exists() and not Event.objects.exists()

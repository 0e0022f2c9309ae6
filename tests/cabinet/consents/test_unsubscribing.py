"""Ending letters by their link (RFC 8058), and the check before each letter leaves."""

from __future__ import annotations

import pytest
from django.core import mail
from django.core.signing import Signer
from django.db import OperationalError
from django.test import Client

from cabinet.consents.models import ConsentReceipt
from cabinet.consents.standing import wanted
from cabinet.consents.unsubscribing import SALT, Ending, unsubscribe_url
from cabinet.notices.posting import post
from cabinet.notices.wanted import is_wanted
from tests.conftest import signed_in

pytestmark = pytest.mark.usefixtures("shop_stands")

TOPIC = "news.prices"


@pytest.fixture
def news(agree, aigerim):
    for topic in ("news.assortment", TOPIC):
        agree(aigerim, topic, "email")


def path(customer, topic="", medium="email"):
    return "/" + unsubscribe_url(customer, topic, medium).split("/", 3)[3]


def held():
    return {each.purpose for each in ConsentReceipt.objects.in_force()}


def test_opening_the_link_changes_nothing(visitor, news, aigerim):
    answer = visitor.get(path(aigerim.customer, TOPIC))
    assert answer.status_code == 200
    assert "<form" in answer.text
    assert held() == {"news.assortment", TOPIC}


def test_a_mail_services_one_click_ends_it_signed_out_and_without_a_token(news, aigerim):
    client = Client(enforce_csrf_checks=True)
    answer = client.post(path(aigerim.customer, TOPIC), {"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, not answer.cookies) == (200, True)
    assert held() == {"news.assortment"}
    assert ConsentReceipt.objects.first().channel == "letter"


def test_twice_is_as_good_as_once(visitor, news, aigerim):
    for _ in range(2):
        assert visitor.post(path(aigerim.customer, TOPIC)).status_code == 200
    assert ConsentReceipt.objects.count() == 3


def test_the_link_of_all_ends_all(visitor, news, aigerim):
    visitor.post(path(aigerim.customer))
    assert held() == set()


@pytest.mark.parametrize(("language", "word"), [("ru", 'lang="ru"'), ("kk", 'lang="kk"'), ("en", 'lang="en"')])
def test_it_speaks_the_persons_language_and_says_how_to_undo(visitor, news, aigerim, language, word):
    aigerim.customer.language = language
    aigerim.customer.save()
    answer = visitor.post(path(aigerim.customer, TOPIC))
    assert word in answer.text
    assert f"/{language}/cabinet/subscriptions/" in answer.text
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_the_person_who_is_gone_gets_the_same_answer(visitor, news, aigerim):
    url = path(aigerim.customer, TOPIC)
    aigerim.delete()
    assert visitor.post(url).status_code == 200


def test_a_link_that_we_have_not_signed_is_none(visitor, news, aigerim):
    good = path(aigerim.customer, TOPIC)
    for url in (good.replace(TOPIC, "news.assortment"), good[:-3] + "xx/", "/unsubscribe/x/"):
        assert visitor.post(url).status_code == 404
    assert held() == {"news.assortment", TOPIC}


def test_a_link_ends_news_and_never_another_consent(visitor, agree, aigerim):
    agree(aigerim, "bonuses")
    for word in (f"{aigerim.customer.subject.hex}:bonuses:", f"{aigerim.customer.subject.hex}:{TOPIC}:fax"):
        assert visitor.post(f"/unsubscribe/{Signer(salt=SALT).sign(word)}/").status_code == 404
    assert held() == {"bonuses"}


def test_another_key_is_taken_while_it_is_named(visitor, news, aigerim, settings):
    url = path(aigerim.customer, TOPIC)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another one"
    assert visitor.post(url).status_code == 200
    assert held() == {"news.assortment"}


def test_the_words_name_a_mark_and_no_person(aigerim):
    token = Ending(aigerim.customer.subject, TOPIC, "email").token()
    assert token.startswith(f"{aigerim.customer.subject.hex}:{TOPIC}:email:")


# At the moment of sending -------------------------------------------------------------------------------------------


def test_only_news_that_are_wanted_now_are_wanted(news, aigerim, boris):
    assert wanted(aigerim.pk, TOPIC)
    assert not wanted(aigerim.pk, TOPIC, "sms")
    assert not wanted(boris.pk, TOPIC)
    assert not wanted(aigerim.pk, "order")
    assert not wanted(None, TOPIC)


def test_s23_without_the_ledger_nothing_is_wanted(news, aigerim, monkeypatch):
    def away(*args):
        raise OperationalError

    assert is_wanted(aigerim.pk, TOPIC)
    monkeypatch.setattr("cabinet.consents.standing.ConsentReceipt.objects.in_force", away)
    assert not is_wanted(aigerim.pk, TOPIC)


def test_a_letter_that_waits_is_not_sent_once_its_reader_has_unsubscribed(visitor, news, aigerim, delivered):
    url = unsubscribe_url(aigerim.customer, TOPIC)
    letter = {"to": aigerim.email, "language": "ru", "account": aigerim, "topic": TOPIC, "unsubscribe_url": url}
    post("consents/letters/new_edition", **letter)
    visitor.post(path(aigerim.customer, TOPIC))
    assert delivered() == mail.outbox == []


def test_a_closed_account_wants_nothing(news, aigerim):
    aigerim.is_active = False
    aigerim.save()
    assert not wanted(aigerim.pk, TOPIC)


def test_signed_in_as_another_it_ends_for_whom_the_letter_was(news, aigerim, boris):
    signed_in(boris).post(path(aigerim.customer, TOPIC))
    assert held() == {"news.assortment"}

"""The customer's pages of consents and subscriptions, in HTML alone."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from cabinet.consents.composing import Composer
from cabinet.consents.consenting import withdraw
from cabinet.consents.models import ConsentReceipt
from tests.conftest import signed_in

pytestmark = pytest.mark.usefixtures("shop_stands")

CONSENTS, SUBSCRIPTIONS = "/ru/cabinet/consents/", "/ru/cabinet/subscriptions/"
PAGES = [CONSENTS, f"{CONSENTS}history/", f"{CONSENTS}account/", f"{CONSENTS}cookies/", SUBSCRIPTIONS]
BY_EMAIL = "news.prices:email"


@pytest.fixture
def client(shop, customer_client):
    return customer_client


@pytest.fixture
def answer(client):
    def post(consent, said, **fields):
        words = Composer("ru").one(*consent.split(":"))
        data = {"consent": consent, "answer": said, "words": words.sha256, **fields}
        return client.post(f"{CONSENTS}answer/", data)

    return post


def held():
    return {(each.purpose, each.medium) for each in ConsentReceipt.objects.in_force()}


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_in_every_language(client, language, page):
    answer = client.get(page.replace("/ru/", f"/{language}/"))
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_one_press_gives_and_one_press_withdraws(client, answer):
    assert answer("bonuses:", "yes").status_code == 303
    assert held() == {("bonuses", "")}
    assert answer("bonuses:", "no").status_code == 303
    assert held() == set()


def test_no_consent_is_given_before_it_is_asked_for(client):
    page = client.get(SUBSCRIPTIONS).text
    assert "checked" not in page
    assert held() == set()


def test_words_that_changed_meanwhile_are_not_agreed_to(client, answer):
    assert answer("bonuses:", "yes", words="0" * 64).status_code == 303
    assert held() == set()


def test_withdrawing_the_accounts_consent_is_explained_and_refused(client, agree, answer, aigerim):
    agree(aigerim)
    assert answer("order:", "no").url == f"{CONSENTS}account/"
    assert held() == {("order", "")}


@pytest.mark.parametrize("fields", [{}, {"consent": "news.prices:fax"}, {"consent": "x\0"}, {"consent": "proof:"}])
def test_what_is_no_consent_of_ours_is_refused(client, fields):
    assert client.post(f"{CONSENTS}answer/", {"answer": "yes", **fields}).status_code == 400


def test_a_receipt_shows_the_text_as_it_was_agreed_to(client, agree, aigerim):
    receipt = agree(aigerim, "bonuses")
    page = client.get(f"{CONSENTS}{receipt.public_id}/")
    assert page.context["receipt"].text.text in page.context["receipt"].text.text
    assert receipt.text_sha256 in page.text and receipt.digest in page.text
    assert "/ru/privacy/editions/1/" in page.text


def grid(client, **fields):
    words = [composed.sha256 for composed in Composer("ru").all()]
    return client.post(SUBSCRIPTIONS, {"words": words, **fields})


def test_the_grid_gives_and_withdraws_only_what_was_changed(client, agree, aigerim):
    agree(aigerim, "news.assortment", "email")
    grid(client, wanted=["news.assortment:email", BY_EMAIL], was=["news.assortment:email"])
    assert held() == {("news.assortment", "email"), ("news.prices", "email")}
    # Another window, opened before, knows nothing of the prices and so does not end them.
    grid(client, wanted=[], was=["news.assortment:email"])
    assert held() == {("news.prices", "email")}


def test_the_grid_takes_nothing_that_is_no_news(client):
    grid(client, wanted=["order:", "bonuses:", "x", BY_EMAIL + "\0"])
    assert held() == set()


def test_one_press_ends_all_news(client, agree, aigerim):
    agree(aigerim, "bonuses")
    for topic in ("news.assortment", "news.prices"):
        agree(aigerim, topic, "email")
    assert client.post(f"{SUBSCRIPTIONS}none/").status_code == 303
    assert held() == {("bonuses", "")}


def test_messages_need_a_telephone_number(client, aigerim):
    assert client.get(SUBSCRIPTIONS).context["without_phone"] == ["news.assortment:sms", "news.prices:sms"]
    aigerim.customer.phone = "+77011234567"
    aigerim.customer.save()
    assert client.get(SUBSCRIPTIONS).context["without_phone"] == []


# Whose it is, and how it is sent ------------------------------------------------------------------------------------


def test_s02_boris_opens_nothing_of_aigerims(shop, agree, aigerim, boris):
    number = agree(aigerim, "bonuses").public_id
    client = signed_in(boris)
    for url in (f"{CONSENTS}{number}/", f"{CONSENTS}{number}/proof/", f"{CONSENTS}history/?before={number}"):
        assert client.get(url).status_code == 404, url
    assert number not in client.get(f"{CONSENTS}history/").text


def test_s02_the_proof_of_all_is_of_ones_own(shop, agree, aigerim, boris):
    number = agree(aigerim, "bonuses").public_id
    assert number.encode() not in signed_in(boris).get(f"{CONSENTS}proof/").content


def test_s04_nothing_but_the_answer_is_taken_from_a_form(client, answer, boris):
    forged = {"subject": str(boris.customer.subject), "customer": boris.pk, "recorded_by": "x", "channel": "paper"}
    answer("bonuses:", "yes", **forged, at="2001-01-01", given="", language="kk", digest="x", follows="1")
    receipt = ConsentReceipt.objects.get()
    assert (receipt.channel, receipt.recorded_by, receipt.language, receipt.follows) == ("site", "", "ru", None)
    assert receipt.at.date() == timezone.now().date()
    assert not ConsentReceipt.objects.of(boris.customer.subject).exists()


@pytest.mark.parametrize("url", [f"{CONSENTS}answer/", SUBSCRIPTIONS, f"{SUBSCRIPTIONS}none/"])
def test_s07_without_a_token_nothing_changes(shop, aigerim, agree, url):
    agree(aigerim, "news.prices", "email")
    client = Client(enforce_csrf_checks=True)
    client.force_login(aigerim)
    assert client.post(url, {"consent": BY_EMAIL, "answer": "no", "was": BY_EMAIL}).status_code == 403
    assert held() == {("news.prices", "email")}


@pytest.mark.parametrize("url", [f"{CONSENTS}answer/", f"{SUBSCRIPTIONS}none/"])
def test_s07_a_deed_is_never_a_link(client, url):
    assert client.get(url).status_code == 405


# Speed --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_the_database_as_often_for_few_receipts_as_for_many(
    client, agree, aigerim, page, django_assert_max_num_queries
):
    for _ in range(2):
        client.get(page)
        with django_assert_max_num_queries(8):
            assert client.get(page).status_code == 200
        for topic in ("news.assortment", "news.prices") * 5:
            agree(aigerim, topic, "email")
            withdraw(customer=aigerim.customer, purpose=topic, medium="email")


def test_the_history_is_paged(client, agree, aigerim):
    for _ in range(26):
        agree(aigerim, "bonuses")
        withdraw(customer=aigerim.customer, purpose="bonuses")
    first = client.get(f"{CONSENTS}history/").context
    assert len(first["receipts"]) == 50
    rest = client.get(f"{CONSENTS}history/?before={first['more'].public_id}").context
    assert (len(rest["receipts"]), rest["more"]) == (2, None)


def test_the_overview_shows_what_holds(client, agree, aigerim, django_assert_max_num_queries):
    agree(aigerim, "news.prices", "email")
    with django_assert_max_num_queries(12):
        cards = {card.url: card for card in client.get("/ru/cabinet/").context["cards"]}
    assert len(cards[SUBSCRIPTIONS].lines) == 1
    assert CONSENTS in cards

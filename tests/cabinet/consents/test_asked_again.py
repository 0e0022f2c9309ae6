"""A material edition: asked again in the cabinet, written to once."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from cabinet.consents.composing import Composer
from cabinet.consents.models import ConsentReceipt, EditionTold
from cabinet.consents.standing import open_questions
from cabinet.consents.telling_editions import A_BATCH
from cabinet.customers.models import Customer
from cabinet.notices.models import Letter

pytestmark = pytest.mark.usefixtures("shop_stands")

CONSENTS = "/ru/cabinet/consents/"


@pytest.fixture
def agreed(agree, aigerim):
    agree(aigerim)
    agree(aigerim, "news.prices", "email")
    return aigerim


def asked(user, language="ru"):
    return {question.receipt.purpose for question in open_questions(user.customer, language)}


def test_a_material_edition_asks_again_for_what_was_given(agreed, material):
    assert asked(agreed) == set()
    material()
    assert asked(agreed) == {"order", "news.prices"}


def test_an_edition_that_is_not_material_asks_nobody(agreed, policy, publish):
    publish(policy, clauses=[["We keep your name and nothing else."]])
    assert asked(agreed) == set()


def test_a_material_edition_asks_even_after_a_later_one_that_is_not(agreed, material, policy, publish):
    material()
    publish(policy, clauses=[["A word was corrected."]])
    assert asked(agreed) == {"order", "news.prices"}


def test_it_asks_from_its_day_on(agreed, material):
    material(in_force_from=timezone.localdate() + timedelta(days=10))
    assert asked(agreed) == set()
    with time_machine.travel(timezone.now() + timedelta(days=11)):
        assert asked(agreed) == {"order", "news.prices"}


def test_who_has_withdrawn_or_agrees_anew_is_not_asked(agreed, material, agree, boris):
    material()
    agree(boris)
    assert asked(boris) == set()
    ConsentReceipt.objects.get(subject=agreed.customer.subject, purpose="order")


def test_the_consent_document_asks_too(agreed, make_document, publish, agree, boris):
    page = make_document(slug="consent", kind="consent")
    publish(page)
    agree(boris)
    publish(page, clauses=[["More."]], material=True)
    assert asked(boris) == {"order"}


def test_it_is_asked_in_one_query(agreed, material, django_assert_num_queries):
    material()
    customer = Customer.objects.get(user=agreed)
    with django_assert_num_queries(1):
        questions = open_questions(customer, "ru")
    assert questions[0].changes_url == "/ru/privacy/editions/1...2/"
    assert questions[0].points == ["We keep your phone."]


def test_answering_makes_a_receipt_that_points_at_the_new_edition(customer_client, agreed, material):
    edition = material()
    page = customer_client.get(CONSENTS)
    assert len(page.context["asked_again"]) == 2
    assert "/ru/privacy/editions/1...2/" in page.text
    words = Composer("ru").one("order").sha256
    data = {"consent": "order:", "answer": "yes", "words": words, "again": "1"}
    for _ in range(2):
        customer_client.post(f"{CONSENTS}answer/", data)
    assert asked(agreed) == {"news.prices"}
    receipt = ConsentReceipt.objects.first()
    assert (receipt.text.policy, receipt.follows.text.policy.number) == (edition, 1)
    assert ConsentReceipt.objects.count() == 3


def test_saying_no_is_an_answer(customer_client, agreed, material):
    material()
    customer_client.post(f"{CONSENTS}answer/", {"consent": "news.prices:email", "answer": "no"})
    assert asked(agreed) == {"order"}


def test_the_overview_says_so(customer_client, agreed, material):
    assert customer_client.get("/ru/cabinet/").context["questions"] == []
    material()
    assert customer_client.get("/ru/cabinet/").context["questions"][0].url == CONSENTS


# The letter ---------------------------------------------------------------------------------------------------------


def tell(capsys, *options):
    call_command("tell_of_editions", *options)
    return capsys.readouterr().out


def test_each_is_written_to_once(aigerim, boris, shop, material, capsys, delivered):
    material()
    assert "written to: 2" in tell(capsys)
    assert "written to: 0" in tell(capsys)
    letters = delivered()
    assert sorted(letter.to[0] for letter in letters) == [aigerim.email, boris.email]
    assert "/ru/privacy/editions/1...2/" in letters[0].body
    assert "We keep your phone." in letters[0].body
    assert "/ru/cabinet/consents/" in letters[0].body


def test_a_dry_run_writes_to_nobody(aigerim, shop, material, capsys):
    material()
    assert "to be written to: 1" in tell(capsys, "--dry-run")
    assert not Letter.objects.exists()


def test_it_is_told_as_soon_as_it_is_published_and_not_again_on_its_day(aigerim, shop, material, capsys):
    material(in_force_from=timezone.localdate() + timedelta(days=10))
    tell(capsys)
    with time_machine.travel(timezone.now() + timedelta(days=11)):
        tell(capsys)
    assert Letter.objects.count() == EditionTold.objects.count() == 1


def test_who_came_later_is_not_written_to(aigerim, shop, material, capsys, make_customer):
    material()
    make_customer("new@customer.example", "New")
    tell(capsys)
    assert Letter.objects.get().account == aigerim


def test_the_language_is_the_persons_and_the_step_counts_once(
    aigerim, boris, shop, material, make_document, publish, capsys
):
    Customer.objects.filter(user=boris).update(language="kk")
    kazakh = make_document("kk", slug="privacy", kind="policy")
    publish(kazakh)
    material()
    tell(capsys)
    assert Letter.objects.get().account == aigerim
    publish(kazakh, clauses=[["Телефоныңызды сақтаймыз."]], material=True)
    tell(capsys)
    assert sorted(Letter.objects.values_list("language", flat=True)) == ["kk", "ru"]
    Customer.objects.filter(user=boris).update(language="ru")
    tell(capsys)
    assert Letter.objects.count() == 2


def test_with_no_material_edition_nobody_is_written_to(aigerim, shop, capsys):
    assert "no material edition" in tell(capsys)


def test_an_interrupted_run_is_gone_on_with(shop, material, make_customer, capsys, monkeypatch):
    for number in range(5):
        make_customer(f"c{number}@customer.example", "C")
    material()
    monkeypatch.setattr("cabinet.consents.telling_editions.A_BATCH", 2)
    posted, keep = [], __import__("cabinet.consents.telling_editions", fromlist=["post"]).post

    def post_three(*args, **facts):
        if len(posted) == 3:
            raise RuntimeError
        posted.append(facts["to"])
        return keep(*args, **facts)

    monkeypatch.setattr("cabinet.consents.telling_editions.post", post_three)
    with pytest.raises(RuntimeError):
        tell(capsys)
    assert Letter.objects.count() == EditionTold.objects.count() == 2
    monkeypatch.setattr("cabinet.consents.telling_editions.post", keep)
    tell(capsys)
    assert Letter.objects.values("account").distinct().count() == Letter.objects.count() == 5
    assert A_BATCH > 2

"""The customer asks the shop, objects to an order, and reads the answer."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from cabinet.audit.models import Event
from cabinet.customers.models import User
from cabinet.desk.models import Request
from cabinet.desk.receiving import Answered, OrderGone, answer
from cabinet.notices.models import Letter
from cabinet.orders.claiming import claim_by_email
from cabinet.orders.models import Order, OrderPerson
from cabinet.register.regimes import Event as Clock
from cabinet.register.regimes import due
from tests.cabinet.desk.conftest import WORDS
from tests.cabinet.privacy import people

NEW, LIST = "/ru/cabinet/data/requests/new/", "/ru/cabinet/data/requests/"
OBJECTION = "/ru/cabinet/orders/A-1/objection/"
TYPED = {"form_key": "a-key-of-sixteen-signs", "kind": "question", "text": WORDS}


@pytest.fixture
def client(known, customer_client):
    return customer_client


def test_what_is_asked_is_kept_with_its_clock_and_a_letter(client, known):
    answer = client.post(NEW, TYPED, follow=True)
    made = Request.objects.get()
    assert answer.redirect_chain == [(f"{LIST}{made.public_id}/", 302)] and WORDS in answer.content.decode()
    assert made.customer == known.customer and made.answer_by == due(Clock.INFORMATION, made.received_at)
    letter = Letter.objects.get(template="desk/letters/received")
    assert letter.recipient == known.email and made.public_id in letter.written.text


def test_i2_a_doubled_click_is_one_request(client):
    first, second = client.post(NEW, TYPED), client.post(NEW, TYPED)
    assert first.url == second.url and Request.objects.count() == 1
    assert Event.objects.filter(name="desk.request.received").count() == 1


def test_s02_boris_cannot_read_aigerims_request(hers, boris_client):
    assert boris_client.get(f"{LIST}{hers.public_id}/").status_code == 404
    assert hers.public_id not in boris_client.get(LIST).content.decode()


def test_s02_boris_cannot_object_to_aigerims_order(ordered, boris_client):
    assert boris_client.post(OBJECTION, TYPED).status_code == 404
    assert not Request.objects.exists()


def test_boris_with_her_forms_key_gets_a_request_of_his_own(client, boris_client):
    assert client.post(NEW, TYPED).url != boris_client.post(NEW, TYPED).url
    assert Request.objects.count() == 2


def test_s04_nothing_but_kind_and_words_is_taken_from_the_form(client, known, boris):
    wants = {"customer": boris.customer.pk, "answered_at": "2026-01-01", "outcome": "granted", "answer": "да"}
    client.post(NEW, {**TYPED, **wants, "email": "boris@customer.example", "answer_by": "2099-01-01"})
    made = Request.objects.get()
    assert (made.customer, made.answered_at, made.answer, made.email) == (known.customer, None, "", known.email)
    assert made.answer_by < timezone.now() + timedelta(days=30)


def test_an_objection_is_no_kind_of_the_general_form(client):
    assert client.post(NEW, {**TYPED, "kind": "objection"}).status_code == 422


@pytest.mark.parametrize("text", ["коротко", "", "a\0b and some more", "\u202eперевернуто совсем", "ы" * 5001])
def test_f13_what_cannot_be_kept_is_refused_and_stays_in_the_form(client, text):
    answer = client.post(NEW, {**TYPED, "text": text})
    assert answer.status_code == 422 and not Request.objects.exists()


def test_s05_hostile_words_are_inert(client):
    client.post(NEW, {**TYPED, "text": "<script>alert(1)</script> and <b>bold</b>"})
    page = client.get(f"{LIST}{Request.objects.get().public_id}/").content.decode()
    assert "<script>alert" not in page and "&lt;script&gt;" in page


def test_s11_the_sixth_request_of_a_day_is_not_taken_and_nothing_typed_is_lost(client):
    for number in range(5):
        assert client.post(NEW, {**TYPED, "form_key": f"key-number-{number}-of-today"}).status_code == 302
    answer = client.post(NEW, {**TYPED, "form_key": "key-number-six-of-today"})
    assert answer.status_code == 422 and WORDS in answer.content.decode()
    assert Request.objects.count() == 5


def test_s11_a_doubled_click_is_no_second_turn(client):
    for number in range(5):
        client.post(NEW, {**TYPED, "form_key": f"key-number-{number}-of-today"})
    assert client.post(NEW, {**TYPED, "form_key": "key-number-4-of-today"}).status_code == 302
    assert Request.objects.count() == 5


def test_i1_other_words_in_the_same_form_are_kept_too(client):
    client.post(NEW, TYPED)
    client.post(NEW, {**TYPED, "text": f"{WORDS} Және хабарлаңыз."})
    assert Request.objects.count() == 2


def test_the_answer_goes_to_the_address_of_today(client, known, hers, answered):
    User.objects.filter(pk=known.pk).update(email="new@customer.example")
    answered(Request.objects.get())
    assert Letter.objects.get(template="desk/letters/answered").recipient == "new@customer.example"


def test_two_tabs_make_one_objection(known, ordered, asked):
    first, second = (asked("objection", customer=known.customer, order=ordered) for _tab in range(2))
    assert first.pk == second.pk


def test_an_order_in_its_period_can_be_objected_to_once_at_a_time(client, ordered):
    made = client.post(OBJECTION, TYPED)
    found = Request.objects.get()
    assert made.url == f"{LIST}{found.public_id}/" and found.order == ordered and found.kind == "objection"
    assert found.answer_by == due(Clock.CLAIM, found.received_at)
    again = client.post(OBJECTION, {**TYPED, "form_key": "another-key-of-a-window"})
    assert again.url == made.url and Request.objects.count() == 1


def test_the_orders_page_leads_to_the_objection_and_tells_of_it(client, ordered):
    page = client.get("/ru/cabinet/orders/A-1/").content.decode()
    assert 'href="objection/"' in page
    client.post(OBJECTION, TYPED)
    assert Request.objects.get().public_id in client.get("/ru/cabinet/orders/A-1/").content.decode()


def test_what_was_asked_about_an_order_comes_along_when_the_order_is_claimed(client, known, ordered, asked):
    Order.objects.update(customer=None)
    OrderPerson.objects.update(email=known.email)
    made = asked("objection", order=Order.objects.get(), channel="letter", by="saule")
    assert client.get(f"{LIST}{made.public_id}/").status_code == 404
    assert claim_by_email(customer=known.customer) == 1
    assert WORDS in client.get(f"{LIST}{made.public_id}/").content.decode()
    assert client.get(OBJECTION).url == f"{LIST}{made.public_id}/"


def test_an_order_past_its_period_cannot_be_objected_to_here(client, known):
    people.order(known.customer, "A-1", objections=-1)
    assert client.get(OBJECTION).status_code == 404 == client.post(OBJECTION, TYPED).status_code


def test_the_answer_is_read_in_the_cabinet_and_comes_by_letter(client, hers, answered):
    answered(hers, "Иә, болады. Чек поштамен келеді.")
    assert "Чек поштамен келеді." in client.get(f"{LIST}{hers.public_id}/").content.decode()
    letter = Letter.objects.get(template="desk/letters/answered")
    assert "Чек поштамен келеді." in letter.written.text and "Айгерім" not in letter.written.subject


def test_an_answer_is_given_once(hers, answered):
    answered(hers, "Бірінші жауап осы.")
    with pytest.raises(Answered):
        answered(hers, "Екінші жауап осы.")
    assert Request.objects.get().answer == "Бірінші жауап осы."
    assert Letter.objects.filter(template="desk/letters/answered").count() == 1


def test_who_waits_too_long_is_told_whom_to_complain_to(client, hers):
    with time_machine.travel(hers.answer_by + timedelta(minutes=1)):
        client.force_login(User.objects.get(pk=hers.customer.user_id))
        assert "Должны были ответить" in client.get(f"{LIST}{hers.public_id}/").content.decode()


def test_an_order_that_is_nobodys_takes_no_objection(asked, ordered):
    ordered.anonymised_at = timezone.now()
    ordered.save()
    with pytest.raises(OrderGone):
        asked("objection", order=ordered, channel="email", by="saule")
    assert not Request.objects.exists()


def test_nothing_is_kept_when_the_answer_fails_halfway(hers, monkeypatch):
    monkeypatch.setattr("cabinet.desk.receiving.tell_answered", lambda request: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        answer(request=hers, text="Жауап осында.", outcome="granted", by="saule")
    assert Request.objects.get().is_open

"""Saule answers: a queue without a name in it, words for a reason, an answer that is sent once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from cabinet.audit.telling import reads_of
from cabinet.desk.models import Request
from cabinet.desk.staff import state_of
from cabinet.notices.models import Letter
from tests.cabinet.desk.conftest import WORDS

QUEUE = "/admin/requests/"
REASON = {"reason": "answering the request"}
RECORD = {
    "form_key": "a-key-of-sixteen-signs",
    "channel": "email",
    "kind": "deletion",
    "name": "Айгерім А.",
    "language": "kk",
    "text": WORDS,
}


def recorded(**changes):
    return {**RECORD, "received_on": timezone.localdate().isoformat(), "email": "somebody@customer.example", **changes}


@pytest.fixture
def page(hers):
    return f"{QUEUE}{hers.public_id}/"


def test_s19_neither_the_queue_nor_the_page_tells_who_asks_or_what(officer_client, hers, page):
    for path in (QUEUE, page):
        text = officer_client.get(path).content.decode()
        assert hers.public_id in text
        assert WORDS not in text and hers.email not in text and hers.customer.first_name not in text


def test_s19_words_are_shown_for_a_reason_that_the_person_can_read(officer_client, hers, page, saule):
    text = officer_client.post(f"{page}reveal/", REASON).content.decode()
    assert WORDS in text and hers.email in text
    look = next(iter(reads_of(hers.subject)))
    assert look.reason == REASON["reason"] and hers.public_id in look.what


def test_i8_s23_without_the_log_nothing_is_shown(officer_client, hers, page, monkeypatch):
    from cabinet.audit.chain import AuditError
    from cabinet.orders import seeing

    def away(**told):
        raise AuditError

    monkeypatch.setattr(seeing, "record_read", away)
    answer = officer_client.post(f"{page}reveal/", REASON)
    assert answer.status_code == 503 and WORDS not in answer.content.decode()


def test_without_a_reason_nothing_is_shown(officer_client, page):
    answer = officer_client.post(f"{page}reveal/", {"reason": ""})
    assert answer.status_code == 422 and WORDS not in answer.content.decode()


def test_an_answer_is_kept_and_sent_and_a_second_is_not(officer_client, hers, page):
    given = {"outcome": "granted", "text": "Жауап: иә, болады."}
    assert officer_client.post(f"{page}answer/", given).status_code == 302
    late = officer_client.post(f"{page}answer/", {**given, "text": "Тағы бір жауап."}, follow=True)
    assert "ничего не отправлено" in late.content.decode()
    assert Request.objects.get().answer == given["text"]
    assert Letter.objects.filter(template="desk/letters/answered").count() == 1


def test_an_empty_answer_is_not_sent(officer_client, hers, page):
    assert officer_client.post(f"{page}answer/", {"outcome": "granted", "text": ""}).status_code == 422
    assert Request.objects.get().is_open


def test_r12_what_came_by_e_mail_stands_in_the_cabinet_of_who_has_the_address(officer_client, known, customer_client):
    officer_client.post(f"{QUEUE}new/", recorded(email=known.email.upper()))
    made = Request.objects.get()
    assert made.customer == known.customer and made.channel == "email" and made.received_by
    assert made.public_id in customer_client.get("/ru/cabinet/data/requests/").content.decode()


def test_an_address_that_nobody_has_confirmed_is_nobodys(officer_client, boris):
    officer_client.post(f"{QUEUE}new/", recorded(email=boris.email))
    assert Request.objects.get().customer is None


def test_an_address_is_kept_in_one_spelling_and_no_longer_than_can_be(officer_client):
    officer_client.post(f"{QUEUE}new/", recorded(email="Somebody@Customer.Example"))
    assert Request.objects.get().email == "somebody@customer.example"
    answer = officer_client.post(f"{QUEUE}new/", recorded(email=f"{'a' * 60}@{'b.' * 120}kz"))
    assert answer.status_code == 422


def test_who_answers_is_warned_of_an_address_that_is_not_the_customers(officer_client, ordered, known):
    told = {"kind": "objection", "number": "A-1", "channel": "phone"}
    officer_client.post(f"{QUEUE}new/", recorded(email="boris@customer.example", **told))
    page = f"{QUEUE}{Request.objects.get().public_id}/"
    assert "help-warning" in officer_client.get(page).content.decode()
    assert Letter.objects.get(template="desk/letters/received").account is None
    Request.objects.update(email=known.email)
    assert "help-warning" not in officer_client.get(page).content.decode()


def test_what_a_stranger_wrote_is_nobodys(officer_client, known):
    officer_client.post(f"{QUEUE}new/", recorded())
    made = Request.objects.get()
    assert made.customer is None and made.subject != known.customer.subject
    assert Letter.objects.get(template="desk/letters/received").language == "kk"


def test_the_clock_begins_with_the_day_on_which_it_came(officer_client, known):
    day = timezone.localdate() - timedelta(days=30)
    officer_client.post(f"{QUEUE}new/", recorded(received_on=day.isoformat()))
    made = Request.objects.get()
    assert timezone.localdate(made.received_at) == day and made.is_overdue and state_of(made) == "просрочено"


def test_a_doubled_click_writes_it_down_once(officer_client):
    answers = [officer_client.post(f"{QUEUE}new/", recorded()) for _time in range(2)]
    assert answers[0].url == answers[1].url and Request.objects.count() == 1


def test_an_objection_by_paper_is_the_orders_customers(officer_client, ordered, known):
    told = recorded(kind="objection", channel="letter", number="№ A-1", email="")
    assert officer_client.post(f"{QUEUE}new/", told).status_code == 302
    made = Request.objects.get()
    assert (made.order, made.customer) == (ordered, known.customer)
    assert not Letter.objects.filter(template__startswith="desk/").exists()  # nowhere to send it


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "objection"}, "number"),
        ({"number": "none such"}, "number"),
        ({"email": ""}, "email"),
        ({"received_on": "2099-01-01"}, "received_on"),
        ({"received_on": "yesterday"}, "received_on"),
        ({"text": "x"}, "text"),
        ({"channel": "cabinet"}, "channel"),
        ({"language": "de"}, "language"),
    ],
)
def test_what_is_wrong_is_marked_and_nothing_is_kept(officer_client, changes, field):
    answer = officer_client.post(f"{QUEUE}new/", recorded(**changes))
    assert answer.status_code == 422 and field in answer.context["form"].errors
    assert not Request.objects.exists()


def test_two_orders_of_one_number_are_told_apart_by_their_shop(officer_client, ordered, make_order):
    make_order(number="A-1", source="shop")
    told = recorded(kind="objection", number="A-1")
    assert "number" in officer_client.post(f"{QUEUE}new/", told).context["form"].errors
    assert officer_client.post(f"{QUEUE}new/", {**told, "number": "A-1~site"}).status_code == 302
    assert Request.objects.get().order == ordered


def test_the_open_ones_stand_first_and_what_is_due_first_on_top(officer_client, asked, answered):
    late, soon, done = asked("deletion"), asked("correction"), answered(asked("correction"))
    text = officer_client.get(QUEUE).content.decode()
    places = [text.index(each.public_id) for each in (soon, late, done)]
    assert places == sorted(places)

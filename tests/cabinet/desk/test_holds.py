"""Who waits for an answer loses nothing that the answer needs: the request itself, and the order objected to."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from cabinet.audit.models import Payload
from cabinet.customers.models import Customer
from cabinet.desk.letters import give_up_last_answers
from cabinet.desk.models import Request
from cabinet.desk.seeing import reveal
from cabinet.notices.models import Letter
from cabinet.notices.models import State as LetterState
from cabinet.orders.models import Order, OrderPerson
from cabinet.privacy import letting_go
from cabinet.privacy.asking import carry_on
from cabinet.privacy.erasing import run
from cabinet.privacy.erasures import Erasure, State
from cabinet.privacy.plan import plan_for
from cabinet.privacy.reapplying import reapply
from cabinet.privacy.retention import enforce_one
from cabinet.privacy.traces import TURNS
from cabinet.register.holds import holds
from tests.cabinet.desk.conftest import WORDS
from tests.cabinet.orders.crowd import analyse, many_orders, plan_of
from tests.cabinet.privacy import people

OURS = [hold for hold in holds if hold.key.startswith("desk.")]


def standing(account, at=None):
    return {each.hold.key: each for each in holds.standing(account, at)}


def go_on():
    run(Erasure.objects.get().pk)
    return Erasure.objects.get()


def test_an_open_objection_holds_its_order_when_the_period_is_over(known, ordered, asked, answered):
    objection = asked("objection", customer=known.customer, order=ordered)
    later = timezone.now() + timedelta(days=30)
    assert standing(known, later)["desk.open_objection"].is_open
    assert "orders.objection_period" not in standing(known, later)
    answered(objection)
    assert not {"desk.open_objection", "desk.open_request"} & set(standing(known, later))


def test_i6_an_erasure_waits_for_the_answer_and_finishes_by_itself(known, ordered, asked, answered, erase):
    objection = asked("objection", customer=known.customer, order=ordered, email=known.email, name="Айгерім А.")
    assert erase(known).state == State.WAITING
    with time_machine.travel(timezone.now() + timedelta(days=30)):  # the period is over, the objection is not
        assert go_on().state == State.WAITING
        assert OrderPerson.objects.get(order=ordered).name and Request.objects.get().text == WORDS
        answered(objection)
        assert carry_on() == 1
        assert go_on().state == State.DONE
    assert not Customer.objects.exists() and not OrderPerson.objects.exists()
    ordered.refresh_from_db()
    assert ordered.anonymised_at


def test_i4_of_an_answered_request_only_that_it_was_answered_stays(known, hers, answered, erase):
    answered(hers)
    Letter.objects.all().delete()  # it has left
    erasure = erase(known)
    assert erasure.state == State.DONE and sum(erasure.scan.values()) == 0
    left = Request.objects.get()
    assert (left.customer, left.order, left.name, left.email, left.text, left.answer) == (None, None, "", "", "", "")
    assert left.answered_at and left.subject != known.customer.subject


def test_the_answer_to_somebody_who_is_being_erased_is_not_swept_with_the_other_letters(known, hers, answered, erase):
    assert erase(known).state == State.WAITING
    answered(hers)
    assert go_on().state == State.DONE
    letter = Letter.objects.get(template="desk/letters/answered")
    assert letter.recipient == known.email and letter.state == LetterState.WAITING


def test_the_preview_names_the_request_and_is_what_happens(known, hers, erase):
    plan = plan_for(known)
    stay = next(each for each in plan.kept if each.hold.key == "desk.open_request")
    assert stay.examples == [(hers.public_id, None)] and plan.until is None
    assert erase(known).figures["desk.requests desk.Request"] == {"kept": 1}


def test_what_was_written_without_an_account_under_its_address_goes_with_it(known, asked, answered, erase):
    stranger = answered(asked(channel="email", email=known.email, name="Айгерім", by="saule"))
    other = answered(asked(channel="email", email="somebody@customer.example", name="Басқа", by="saule"))
    Letter.objects.all().delete()
    assert erase(known).state == State.DONE
    assert Request.objects.get(pk=stranger.pk).email == ""
    assert Request.objects.get(pk=other.pk).email == "somebody@customer.example"


@pytest.mark.parametrize("words", [{"name": f"{people.NAME} {people.SURNAME}"}, {"text": f"Телефоным {people.PHONE}."}])
def test_i4_what_staff_wrote_down_of_a_call_goes_with_the_account_too(known, asked, answered, erase, words):
    answered(asked(channel="phone", by="saule", **words))
    erasure = erase(known)
    assert erasure.state == State.DONE and sum(erasure.scan.values()) == 0
    assert (Request.objects.get().name, Request.objects.get().text) == ("", "")


def test_i4_an_objection_to_an_order_that_was_claimed_later_goes_with_the_account(
    known, ordered, asked, answered, erase
):
    Order.objects.update(customer=None)
    answered(asked("objection", order=ordered, channel="letter", name="Айгерім", by="saule"))
    Order.objects.update(customer=known.customer)
    with time_machine.travel(timezone.now() + timedelta(days=30)):
        assert erase(known).state == State.DONE
    assert Request.objects.get().name == ""


def test_why_a_strangers_request_was_read_is_forgotten_with_the_account(known, asked, answered, erase, saule):
    request = answered(asked(channel="email", email=known.email, by="saule"))
    reveal(user=saule, request=request, reason=f"{people.NAME} rang")
    assert erase(known).state == State.DONE
    assert not Payload.objects.filter(event__subject=str(request.subject)).exists()


def test_i12_what_was_answered_since_a_backup_does_not_wait_again_after_its_restore(
    known, hers, answered, erase, forget
):
    forget(lambda: answered(hers), lambda: erase(known))
    assert Request.objects.get().is_open
    reapply()
    left = Request.objects.get()
    assert (left.is_open, left.outcome, left.text, left.email) == (False, "granted", "", "")
    assert not Customer.objects.exists()


def test_an_answer_between_two_steps_of_an_erasure_leaves_nothing_behind(known, hers, answered, erase, monkeypatch):
    closes = letting_go.let_person_go

    def close(erasure):
        if Request.objects.open().exists():
            answered(Request.objects.get())
        return closes(erasure)

    monkeypatch.setattr(letting_go, "let_person_go", close)
    assert erase(known).state == State.DONE
    assert Request.objects.get().text == "" and not Customer.objects.exists()


def test_an_answer_that_cannot_be_delivered_keeps_no_address_of_somebody_erased(known, hers, answered, erase):
    assert erase(known).state == State.WAITING
    answered(hers)
    Letter.objects.filter(template="desk/letters/answered").update(state=LetterState.DEAD)
    assert give_up_last_answers() == 0  # her request still has the address: staff may see that it did not arrive
    assert go_on().state == State.DONE
    give_up_last_answers()
    assert not Letter.objects.filter(recipient=known.email).exclude(template__startswith=TURNS).exists()


def test_after_its_term_a_request_tells_of_nobody_while_the_person_stays(known, hers, answered, settings):
    answered(hers)
    with time_machine.travel(timezone.now() + settings.REQUEST_LIFETIME - timedelta(minutes=1)):
        enforce_one("desk.requests")
        assert Request.objects.get().text == WORDS
    with time_machine.travel(timezone.now() + settings.REQUEST_LIFETIME + timedelta(minutes=1)):
        enforce_one("desk.requests")
        assert Request.objects.get().text == "" and Request.objects.get().answered_at
    assert Customer.objects.exists()


def test_an_open_request_has_no_term(known, hers, settings):
    with time_machine.travel(timezone.now() + 3 * settings.REQUEST_LIFETIME):
        enforce_one("desk.requests")
    assert Request.objects.get().text == WORDS


def test_boris_holds_nothing_of_aigerims(known, boris, asked, ordered):
    asked("objection", customer=known.customer, order=ordered)
    assert standing(boris) == {}


@pytest.mark.parametrize("hold", OURS, ids=lambda hold: hold.key)
def test_each_answers_in_one_query(hold, known, hers, django_assert_num_queries):
    with django_assert_num_queries(1):
        list(hold.of(known))


@pytest.mark.parametrize("hold", OURS, ids=lambda hold: hold.key)
def test_each_speaks_in_whole_sentences_and_names_its_source(hold):
    assert str(hold.why).endswith(".") and hold.clause and hold.law and str(hold.called).endswith(":")


def test_p9_an_objection_among_many_orders_is_found_by_an_index(known, asked, make_customer):
    many_orders(known.customer, 400)
    asked("objection", customer=known.customer, order=Order.objects.first())
    analyse()
    hold = next(each for each in OURS if each.key == "desk.open_objection")
    plan = plan_of(hold.of(known).order_by())
    assert "SCAN orders_order\n" not in f"{plan}\n" and "Seq Scan on orders_order" not in plan, plan


def test_an_order_nobody_waits_for_goes_though_another_is_objected_to(known, ordered, asked, erase):
    people.order(known.customer, "A-2")
    asked("objection", customer=known.customer, order=ordered)
    assert erase(known).state == State.WAITING
    assert set(Order.objects.filter(anonymised_at=None).values_list("number", flat=True)) == {"A-1"}

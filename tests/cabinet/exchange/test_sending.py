"""What happens here is told to the addresses that listen: after the commit, repeated, given up in the end."""

from __future__ import annotations

import json
import threading
import uuid
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from pydantic import ValidationError
from standardwebhooks import Webhook
from wagtail.models import ModelLogEntry

from cabinet.exchange import courier, delivery, endpoints, sending
from cabinet.exchange.courier import Courier
from cabinet.exchange.delivery import GIVEN_UP_AFTER, LEASE, PAUSES, deliver_due, send_again
from cabinet.exchange.forgetting import forget, forget_old
from cabinet.exchange.handlers import Data
from cabinet.exchange.models import Delivery, Endpoint, State
from cabinet.exchange.sending import owed, send, sends, sent
from cabinet.exchange.signing import new_secret
from tests.cabinet.exchange.receiver import receiving
from tests.running import free_port

SUBJECT = uuid.UUID("6f1c1a52-6a52-4f59-9d1a-0b7f5f1c1a52")
BILL = {"number": "7"}


@pytest.fixture(autouse=True)
def types(registered, settings):
    """Two types that are sent, and a demo, which may call its own machine."""
    settings.DEBUG = True

    class Gone(Data):
        """Somebody is gone."""

        subject: uuid.UUID

    class Sent(Data):
        """A bill was sent."""

        number: str

    sends("bill.sent")(Sent)
    sends("debtor.gone", is_owed=True)(Gone)


@pytest.fixture
def listening(database):
    """Return a function that makes an address listen."""

    def listen(url="", types=("bill.sent", "debtor.gone"), **fields):
        endpoint = Endpoint(url=url or f"http://127.0.0.1:{free_port()}/", types=list(types), **fields)
        endpoint.secret = new_secret()
        endpoint.save()
        return endpoint

    return listen


def later(**span):
    return time_machine.travel(timezone.now() + timedelta(**span), tick=True)


def test_the_other_side_can_verify_what_it_hears(listening):
    with receiving() as receiver:
        endpoint = listening(receiver.url)
        assert send("bill.sent", BILL, SUBJECT) == 1
        assert deliver_due() == {"delivered": 1}
    ((path, headers, body),) = receiver.heard
    told = Webhook(endpoint.secret).verify(body, headers)
    assert path == "/hooks?shop=1" and headers["content-type"] == "application/json"
    assert (told["type"], told["data"]) == ("bill.sent", BILL)
    one = Delivery.objects.get()
    assert (one.public_id, one.state, one.last_status, one.sealed) == (headers["webhook-id"], "delivered", 200, "")


def test_only_those_who_listen_hear_it(listening):
    listening(types=["debtor.gone"])
    assert send("bill.sent", BILL) == 0
    assert not Delivery.objects.exists()


def test_other_data_than_declared_is_never_sent(listening):
    listening()
    with pytest.raises(ValidationError):
        send("bill.sent", {**BILL, "name": "Aigerim"})
    with pytest.raises(KeyError):
        send("bill.forged", BILL)
    with pytest.raises(ValueError, match="already"):
        sends("bill.sent")(Data)


def test_it_stands_or_falls_with_what_happened(listening, django_capture_on_commit_callbacks, monkeypatch):
    poked = []
    monkeypatch.setattr(courier.courier, "poke", lambda: poked.append(1))
    listening()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        send("bill.sent", BILL)
        raise ZeroDivisionError
    assert not Delivery.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        send("bill.sent", BILL)
        assert poked == []
    assert poked == [1]


def test_what_is_said_is_sealed(listening):
    listening()
    send("bill.sent", {"number": "Canary"})
    assert "Canary" not in str(Delivery.objects.values().get())


def test_a_repeat_bears_the_same_id_and_body_and_a_new_time(listening):
    with receiving(503) as receiver:
        endpoint = listening(receiver.url)
        send("bill.sent", BILL)
        assert deliver_due() == {"waiting": 1}
        assert deliver_due() == {}
        with later(seconds=6):
            assert deliver_due() == {"delivered": 1}
            Webhook(endpoint.secret).verify(receiver.heard[1][2], receiver.heard[1][1])
    (_path, first, body), (_path, second, again) = receiver.heard
    assert body == again and first["webhook-id"] == second["webhook-id"]
    assert first["webhook-timestamp"] != second["webhook-timestamp"]


@pytest.mark.parametrize("status", [302, 400, 404, 429, 500])
def test_anything_but_success_is_tried_again(listening, status):
    with receiving(status) as receiver:
        listening(receiver.url)
        send("bill.sent", BILL)
        assert deliver_due() == {"waiting": 1}
    one = Delivery.objects.get()
    assert (one.last_status, one.attempts, len(receiver.heard)) == (status, 1, 1)
    assert timedelta() < one.next_attempt_at - timezone.now() <= PAUSES[0]


def test_a_dead_address_is_tried_for_three_days_and_no_longer(listening):
    listening()
    send("bill.sent", BILL)
    now = timezone.now()
    for pause in (timedelta(), *PAUSES):
        now += pause + timedelta(seconds=1)
        with time_machine.travel(now, tick=False):
            deliver_due()
    one = Delivery.objects.get()
    assert (one.state, one.attempts, one.last_error) == (State.DEAD, len(PAUSES) + 1, "ConnectionRefusedError")
    assert timedelta(days=3) <= sum(PAUSES, timedelta()) < timedelta(days=4) and sorted(PAUSES) == [*PAUSES]


def test_staff_can_have_a_dead_one_sent_again(listening):
    with receiving() as receiver:
        listening(receiver.url)
        send("bill.sent", BILL)
        one = Delivery.objects.get()
        assert not send_again(one)
        Delivery.objects.update(state=State.DEAD, settled_at=timezone.now())
        assert send_again(one)
        assert deliver_due() == {"delivered": 1}
    assert receiver.heard[0][1]["webhook-id"] == one.public_id


def test_an_address_that_does_not_answer_keeps_no_other_waiting(listening):
    with receiving() as receiver:
        listening()
        for _each in range(3):
            send("bill.sent", BILL)
        listening(receiver.url)
        send("bill.sent", BILL)
        assert deliver_due() == {"waiting": 1, "delivered": 1}
    assert sorted(Delivery.objects.values_list("attempts", flat=True)) == [0, 0, 0, 1, 1]


def test_410_pauses_the_address_and_says_so(listening):
    with receiving(410) as receiver:
        endpoint = listening(receiver.url)
        send("bill.sent", BILL)
        assert deliver_due() == {"dead": 1}
    endpoint.refresh_from_db()
    assert (endpoint.active, endpoint.paused_reason) == (False, "gone")
    assert ModelLogEntry.objects.get().action == "exchange.endpoint.paused"
    assert send("bill.sent", BILL) == 0


def died(endpoint):
    send("bill.sent", BILL)
    Delivery.objects.filter(state=State.WAITING).update(attempts=len(PAUSES))
    deliver_due()
    endpoint.refresh_from_db()
    return endpoint


def test_deliveries_that_die_in_a_row_pause_the_address(listening):
    endpoint = listening()
    for number in range(1, GIVEN_UP_AFTER + 1):
        assert endpoint.active
        assert died(endpoint).dead_in_a_row == number
    assert (endpoint.active, endpoint.paused_reason) == (False, "dead")


def test_one_that_arrives_ends_the_row(listening):
    with receiving(500) as receiver:
        endpoint = listening(receiver.url)
        assert died(endpoint).dead_in_a_row == 1
        assert died(endpoint).dead_in_a_row == 0


def test_what_is_owed_waits_for_a_paused_address(listening):
    with receiving() as receiver:
        endpoint = listening(receiver.url, active=False)
        assert (send("bill.sent", BILL), send("debtor.gone", {"subject": SUBJECT}, SUBJECT)) == (0, 1)
        assert deliver_due() == {}
        Endpoint.objects.filter(pk=endpoint.pk).update(active=True)
        assert deliver_due() == {"delivered": 1}
    assert json.loads(receiver.heard[0][2])["data"] == {"subject": str(SUBJECT)}


def test_the_person_is_forgotten_and_what_is_owed_goes_on(listening):
    listening()
    send("bill.sent", BILL, SUBJECT)
    send("bill.sent", BILL, uuid.uuid4())
    send("debtor.gone", {"subject": SUBJECT}, SUBJECT)
    assert (forget(SUBJECT), forget(SUBJECT)) == (1, 0)
    kept = list(Delivery.objects.filter(subject=SUBJECT).order_by("pk").values_list("type", "state", "sealed"))
    assert kept[0] == ("bill.sent", "cancelled", "")
    assert kept[1][:2] == ("debtor.gone", "waiting") and kept[1][2]
    assert Delivery.objects.exclude(sealed="").count() == 2


def test_a_delivery_in_the_hand_of_a_worker_stays_forgotten(listening):
    listening()
    send("bill.sent", BILL, SUBJECT)
    one = delivery.take_one([])
    forget(SUBJECT)
    delivery.arrived(one, 200)
    assert Delivery.objects.get().state == State.CANCELLED


def test_rows_go_after_their_term_but_for_what_is_owed(listening, settings):
    listening()
    for _each in range(2):
        send("bill.sent", BILL)
    send("debtor.gone", {"subject": SUBJECT}, SUBJECT)
    with later(days=29):
        assert forget_old() == (0, 0)
    with later(days=31):
        assert forget_old() == (0, 2)
    assert Delivery.objects.get().type == "debtor.gone"


def test_after_a_rotation_both_secrets_sign_for_a_day(listening):
    with receiving() as receiver:
        endpoint = listening(receiver.url)
        before, after = endpoint.secret, endpoints.rotate(endpoint)
        for span in ({}, {"hours": 25}):
            with later(**span):
                send("bill.sent", BILL)
                deliver_due()
                Webhook(after).verify(receiver.heard[-1][2], receiver.heard[-1][1])
        signatures = [len(headers["webhook-signature"].split()) for _path, headers, _body in receiver.heard]
        assert signatures == [2, 1] and before != after


def test_a_crash_after_the_others_ok_sends_once_more_under_the_same_id(listening, monkeypatch):
    def crash(*args, **kwargs):
        raise KeyboardInterrupt

    with receiving() as receiver:
        listening(receiver.url)
        send("bill.sent", BILL)
        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(delivery, "change", crash)
            deliver_due()
        assert deliver_due() == {}  # somebody may still be at it
        with later(seconds=LEASE.total_seconds()):
            assert deliver_due() == {"delivered": 1}
    assert len({headers["webhook-id"] for _path, headers, _body in receiver.heard}) == 1


def test_two_workers_never_send_one(committed_db, listening):
    with receiving() as receiver:
        listening(receiver.url)
        for number in range(8):
            send("bill.sent", {"number": str(number)})
        workers = [threading.Thread(target=Courier().one_round) for _each in range(3)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(timeout=30)
    assert sorted(json.loads(body)["data"]["number"] for _path, _headers, body in receiver.heard) == [*"01234567"]
    assert set(Delivery.objects.values_list("state", "attempts")) == {("delivered", 1)}


def test_the_command_says_what_it_did(listening):
    with receiving() as receiver:
        listening(receiver.url)
        send("bill.sent", BILL)
        said = StringIO()
        call_command("send_deliveries", stdout=said)
    assert "Delivered: 1, waiting: 0, given up: 0, forgotten: 0" in said.getvalue()


def test_the_courier_is_another_thread_than_the_postman():
    assert (Courier().name, sending.poke) == ("courier", courier.poke)
    assert owed <= set(sent)

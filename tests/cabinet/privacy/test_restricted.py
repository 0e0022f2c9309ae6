"""Under lock: seen by one role, opened with a reason that is written down first, gone when its day has come."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from cabinet.audit.models import Event
from cabinet.orders.models import Order, OrderPerson
from cabinet.privacy import restricted_staff
from cabinet.privacy.models import Restricted
from cabinet.privacy.retention import enforce_one, enforce_terms, would
from tests.cabinet.privacy import people


@pytest.fixture
def locked(known, erase, site_ru):
    people.order(known.customer, "A-1")
    erase(known)
    return Restricted.objects.get()


def test_the_list_tells_papers_and_nobody(locked, officer_client):
    answer = officer_client.get(reverse("restricted:index"))
    assert locked.public_id in answer.text and people.NAME not in answer.text
    assert people.NAME not in officer_client.get(reverse("restricted:open", args=[locked.pk])).text


def test_s19_it_opens_with_a_reason_that_is_written_down_first(locked, officer_client, saule):
    url = reverse("restricted:open", args=[locked.pk])
    assert people.NAME not in officer_client.post(url, {"reason": " "}).text
    assert people.NAME in officer_client.post(url, {"reason": "The tax office asks for A-1"}).text
    event = Event.objects.get(name="privacy.restricted.read")
    assert event.actor == saule.public_id and event.tells()["restricted"] == locked.public_id


def test_i8_s19_without_the_log_nothing_is_shown(locked, officer_client, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(restricted_staff, "record", fail)
    with pytest.raises(RuntimeError):
        officer_client.post(reverse("restricted:open", args=[locked.pk]), {"reason": "The tax office asks"})


def test_it_is_found_by_the_number_of_the_paper(locked, officer_client):
    url = reverse("restricted:index")
    assert locked.public_id in officer_client.get(f"{url}?paper=A-1").text
    assert locked.public_id not in officer_client.get(f"{url}?paper=B-1").text


def test_it_goes_by_itself_on_its_day(locked):
    assert enforce_one("orders.people") == 0
    with time_machine.travel(locked.until + timedelta(seconds=1)):
        assert enforce_one("orders.people") == 1
    assert not Restricted.objects.exists()


def test_who_ordered_without_an_account_goes_in_the_same_way(known):
    for number, held in (("G-1", {}), ("G-2", {"objections": 5}), ("G-3", {"ended": None})):
        people.order(known.customer, number, **held)
    Order.objects.update(customer=None)
    enforce_terms()
    assert set(OrderPerson.objects.values_list("order__number", flat=True)) == {"G-2", "G-3"}
    assert Restricted.objects.get().references.get().reference == "G-1"
    assert Order.objects.get(number="G-1").anonymised_at and not Order.objects.get(number="G-2").anonymised_at
    assert not any(went.counts for went in would())
    with time_machine.travel(timezone.now() + timedelta(days=6)):
        enforce_terms()
    assert OrderPerson.objects.get().order.number == "G-3"

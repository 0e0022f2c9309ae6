"""How far an order is, until when one may object, and what money goes back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from cabinet.exchange.intake import WrongContent
from cabinet.orders import early
from cabinet.orders.models import Early, Order, Refund, Status
from cabinet.orders.steps import reached
from tests.cabinet.orders.conftest import AT, hours


def now():
    return Order.objects.get()


def test_each_step_is_kept_and_the_last_one_counts(tell, hers):
    for after, status in enumerate(("confirmed", "packed", "shipped"), start=1):
        tell("order.status_changed", {"status": status}, at=hours(after))
    assert (now().status, now().status_at, now().has_ended) == ("shipped", hours(3), False)
    assert hers.steps.count() == 3


def test_a_status_that_goes_backwards_is_refused(tell, hers):
    with pytest.raises(WrongContent) as caught:
        tell("order.status_changed", {"status": "packed", "previous": "shipped"})
    assert caught.value.faults[0][0] == "data.status"


def test_a_late_status_takes_its_place_in_time_and_changes_nothing_else(tell, hers):
    tell("order.delivered", {}, at=hours(30))
    tell("order.status_changed", {"status": "packed", "previous": "placed"}, at=hours(2))
    assert (now().status, now().delivered_at) == ("delivered", hours(30))
    assert [step.status for step in hers.steps.all()] == ["packed", "delivered"]


def test_nothing_follows_a_cancelled_order(tell, hers):
    tell("order.cancelled", {}, at=hours(2))
    tell("order.status_changed", {"status": "shipped"}, at=hours(3))
    assert (now().status, now().ended_at) == (Status.CANCELLED, hours(2))


def test_what_was_delivered_can_come_back(tell, hers):
    tell("order.delivered", {}, at=hours(20))
    tell("order.returned", {}, at=hours(40))
    assert (now().status, now().delivered_at, now().ended_at) == (Status.RETURNED, hours(20), hours(20))


def test_one_may_object_until_the_end_of_the_last_day_in_the_shops_zone(tell, hers):
    tell("order.delivered", {}, at=AT)  # 2 March 2026, a Monday
    until = timezone.localtime(now().objections_until)
    assert (until.date().isoformat(), until.hour, until.minute) == ("2026-03-16", 23, 59)


def test_the_longest_period_of_the_goods_counts(tell, hers, settings):
    settings.OBJECTION_DAYS_BY_CLASS = {"fresh": 1}
    tell("order.delivered", {}, at=AT)
    assert timezone.localtime(now().objections_until).day == 16
    settings.OBJECTION_DAYS_BY_CLASS = {"fresh": 28}
    tell("order.status_changed", {"status": "packed"}, at=AT)
    assert timezone.localtime(now().objections_until).day == 30


def test_f11_a_status_told_before_its_order_waits_for_it_without_anybodys_data(tell):
    tell("order.delivered", {}, at=hours(30))
    tell("refund.requested", {"reference": "R1", "amount": "100.00"}, at=hours(31))
    assert (Order.objects.count(), Early.objects.count()) == (0, 2)
    tell("order.placed", at=hours(40 * 24))
    assert (now().status, now().delivered_at, Early.objects.count()) == ("delivered", hours(30), 0)
    assert Refund.objects.get().amount == 100


def test_what_no_order_ever_came_for_is_forgotten(tell):
    tell("order.delivered", {})
    assert early.forget_early() == 0
    Early.objects.update(told_at=timezone.now() - early.KEPT)
    assert early.forget_early() == 1


def test_money_asked_back_and_paid_is_one_refund(tell, hers):
    refund = {"reference": "R1", "amount": "3465.00", "reason": "damaged"}
    tell("refund.paid", refund, at=hours(60))
    tell("refund.requested", refund, at=hours(50))
    found = Refund.objects.get()
    assert (found.state, found.requested_at, found.settled_at) == (Refund.State.PAID, hours(50), hours(60))


def test_steps_lead_to_the_same_end_in_any_order():
    steps = [("shipped", AT + timedelta(hours=5)), ("packed", AT + timedelta(hours=9)), ("cancelled", hours(7))]
    ends = {reached(AT, [steps[place] for place in places]) for places in ((0, 1, 2), (2, 1, 0), (1, 0, 2))}
    assert {end.status for end in ends} == {"cancelled"} and len(ends) == 1

"""Why an order may not go yet: each answer in one query, by an index, with the right day."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from cabinet.orders.models import Order, Refund
from cabinet.register.holds import Keeps, holds
from tests.cabinet.orders.conftest import AT, hours, order
from tests.cabinet.orders.crowd import analyse, many_orders, plan_of

OURS = [hold for hold in holds if hold.key.startswith("orders.")]


def standing(account, at=None):
    return {each.hold.key.split(".")[1]: each for each in holds.standing(account, at) if each.hold in OURS}


def test_an_order_that_is_carried_out_stays_and_nobody_knows_until_when(hers, linked):
    found = standing(linked, hours(1))
    assert found["being_carried_out"].is_open
    assert found["being_carried_out"].hold.keeps == Keeps.WHOLE


def test_after_delivery_it_stays_until_the_end_of_the_period(tell, hers, linked):
    tell("order.delivered", {}, at=AT)
    found = standing(linked, hours(1))
    assert set(found) == {"objection_period", "kept_for_tax"}
    until = timezone.localtime(found["objection_period"].last)
    assert (until.month, until.day, until.hour) == (3, 16, 23)
    assert "objection_period" not in standing(linked, until + timedelta(seconds=1))


def test_money_to_be_paid_back_holds_until_it_is(tell, hers, linked):
    tell("order.returned", {}, at=hours(2))
    tell("refund.requested", {"reference": "R1", "amount": "10"}, at=hours(3))
    assert standing(linked, hours(4))["open_refund"].is_open
    tell("refund.paid", {"reference": "R1", "amount": "10"}, at=hours(5))
    assert set(standing(linked, hours(6))) == {"kept_for_tax"}
    assert Refund.objects.get().state == "paid"


def test_papers_stay_under_lock_five_years_after_the_year_of_the_sale(tell, hers, linked):
    tell("order.cancelled", {}, at=hours(2))
    found = standing(linked, hours(3))["kept_for_tax"]
    assert found.hold.keeps == Keeps.RESTRICTED
    assert timezone.localtime(found.last).year in (2031, 2032)  # the last day may be a holiday
    assert not standing(linked, datetime(2032, 2, 1, tzinfo=timezone.get_default_timezone()))


def test_boris_orders_hold_nothing_of_aigerims(hers, linked, boris):
    assert standing(boris) == {}


@pytest.mark.parametrize("hold", OURS, ids=lambda hold: hold.key)
def test_each_answers_in_one_query(hold, hers, linked, django_assert_num_queries):
    with django_assert_num_queries(1):
        list(hold.of(linked, hours(1)))


@pytest.mark.parametrize("hold", OURS, ids=lambda hold: hold.key)
def test_each_speaks_in_whole_sentences_and_names_its_source(hold):
    assert str(hold.why).endswith(".") and (hold.clause or hold.law)


@pytest.mark.parametrize(
    ("key", "index"),
    [
        ("being_carried_out", "orders_being_carried_out"),
        ("objection_period", "orders_by_objections"),
        ("kept_for_tax", "orders_by_tax"),
    ],
)
def test_p9_the_rows_of_one_among_many_are_found_by_an_index(linked, boris, make_customer, key, index):
    for number in range(20):
        many_orders(make_customer(f"{number}@crowd.example", "C").customer, 60, begin=1000 * (number + 1))
    many_orders(linked.customer, 5)
    Order.objects.update(objections_until=timezone.now())
    analyse()
    hold = next(hold for hold in OURS if hold.key == f"orders.{key}")
    plan = plan_of(hold.rows(timezone.now()).filter(customer=linked.customer).order_by())
    # PostgreSQL may find a customer's few rows by any of the indexes that begin with the customer.
    assert index in plan if connection.vendor == "sqlite" else "Index" in plan, plan


def test_p9_a_page_of_the_list_is_read_in_the_order_of_its_index(linked, make_customer):
    many_orders(make_customer("crowd@crowd.example", "C").customer, 300, begin=1000)
    many_orders(linked.customer, 300)
    analyse()
    own = Order.objects.of(linked.customer)
    for found, index in (
        (own, "orders_of_customer"),
        (own.filter(status="delivered"), "orders_of_customer"),
        (own.filter(ended_at=None), "orders_being_carried_out"),
        (own.filter(number="M-1"), "orders_of_customer_by_number"),
    ):
        plan = plan_of(found.order_by("-placed_at", "-pk")[:26] if "number" not in index else found.order_by())
        assert index in plan or connection.vendor == "postgresql", plan
        assert "TEMP B-TREE" not in plan, plan


def test_a_customer_with_two_open_orders_is_told_of_both(tell, hers, linked):
    tell("order.placed", order(number="1002", customer={"id": "C-17"}), at=hours(1))
    assert standing(linked, hours(2))["being_carried_out"].count == 2

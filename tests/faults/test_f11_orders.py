"""f11: what a shop engine tells of an order ends the same, repeated, 40 days late and in every order."""

from __future__ import annotations

import itertools
import json
from datetime import timedelta
from hashlib import sha256

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cabinet.customers.linking import link
from cabinet.exchange.intake import take
from cabinet.orders.models import Early, Order
from tests.cabinet.orders.conftest import AT, order

OWNER = {"customer": {"id": "C-17"}}
STATUSES = ("confirmed", "packed", "shipped", "delivered", "returned", "cancelled")


def event(type_, hour, **data):
    """Return an event that happened so many hours after the order."""
    return type_, AT + timedelta(hours=hour), data


def changed(hour, note):
    facts = order(**OWNER, placed_at=AT.isoformat(), note=note)
    return event("order.changed", hour, **facts)


PLACED = event("order.placed", 0, **order(**OWNER))
REFUND = {"number": "1001", "reference": "R1", "amount": "100.00", "reason": "damaged"}
SMALL = (
    PLACED,
    changed(2, "at the door"),
    event("order.status_changed", 5, number="1001", status="shipped"),
    event("order.delivered", 30, number="1001"),
    event("refund.paid", 50, **REFUND),
)
TOLD = st.one_of(
    st.builds(
        lambda hour, status: event("order.status_changed", hour, number="1001", status=status),
        st.integers(0, 960),
        st.sampled_from(STATUSES),
    ),
    st.builds(changed, st.integers(0, 960), st.sampled_from(("a", "b"))),
    st.builds(
        lambda hour, what: event(f"refund.{what}", hour, **REFUND),
        st.integers(0, 960),
        st.sampled_from(("requested", "paid")),
    ),
)


class Undone(Exception):
    """Takes back what one arrangement has left."""


def told(events):
    """Take the events one after another, each id by its content; return what stands in the end, and forget it."""
    end = []
    try:
        with transaction.atomic():
            for type_, at, data in events:
                digest = sha256(json.dumps([type_, at.isoformat(), data], sort_keys=True).encode()).hexdigest()
                take("shop", f"evt-{digest}", type_, at, data, digest)
            end = state()
            raise Undone
    except Undone:
        return end


def state():
    """Return everything that is kept of the order, but for keys and when it became known."""
    fields = ("status", "status_at", "delivered_at", "ended_at", "objections_until", "tax_until", "total", "customer")
    found = Order.objects.get()
    return {
        "order": {name: getattr(found, name) for name in (*fields, "placed_at", "told_at", "told_by")},
        "note": found.person.note,
        "lines": list(found.lines.values_list("position", "name", "cost")),
        "steps": set(found.steps.values_list("status", "occurred_at")),
        "refunds": list(found.refunds.values_list("reference", "amount", "state", "requested_at", "settled_at")),
        "early": Early.objects.count(),
    }


@pytest.fixture
def linked(aigerim):
    link(source="shop", external_id="C-17", customer=aigerim.customer)
    return aigerim


def test_f11_every_arrangement_of_a_small_set_ends_the_same(linked):
    ends = [told(events) for events in itertools.permutations(SMALL)]
    assert all(end == ends[0] for end in ends)
    assert (ends[0]["order"]["status"], ends[0]["note"], ends[0]["early"]) == ("delivered", "at the door", 0)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=st.lists(TOLD, min_size=1, max_size=6), chance=st.randoms(use_true_random=False))
def test_f11_repeated_shuffled_and_late_it_ends_the_same(linked, events, chance):
    whole = [PLACED, *events]
    shuffled = [*whole, *whole]
    chance.shuffle(shuffled)
    assert told(shuffled) == told(whole)

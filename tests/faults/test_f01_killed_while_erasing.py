"""f01: an erasure is killed at every step and resumed; it ends as if nothing had happened (trust.md, i5)."""

from __future__ import annotations

import os
import signal

import pytest
from django.apps import apps
from django.db import connections

from cabinet.customers.models import Customer, User
from cabinet.notices.models import Letter
from cabinet.orders.models import Order, OrderPerson, Refund
from cabinet.privacy import fault_points
from cabinet.privacy.asking import ask
from cabinet.privacy.erasing import run
from cabinet.privacy.erasures import Erasure
from cabinet.privacy.models import Restricted
from tests.cabinet.privacy import people

EVERY_STEP = os.environ.get("EVERY_FAULT_POINT") == "1"  # some minutes
LAST_STEPS = ("close", "scan", "finish")  # which end otherwise while something is held
OURS = ("customers", "orders", "bonuses", "consents", "notices", "audit", "privacy", "account", "usersessions", "mfa")


@pytest.fixture
def stage(committed_db, django_db_setup, monkeypatch, settings):
    """Return a function that lays a fresh database with a person in it, an order held, and an erasure that is due."""
    monkeypatch.setattr("cabinet.register.batches.BATCH", 2)
    monkeypatch.setattr("cabinet.privacy.letting_go.BATCH", 2)

    def lay(held):
        django_db_setup.make()
        settings.TOMBSTONES.unlink(missing_ok=True)
        user = User.objects.create_user("aigerim@customer.example")
        Customer.objects.create(user=user, language="ru")
        people.fill(user)
        for number in range(3):
            people.refund(people.order(user.customer, f"A-{number}"))
        if held:
            people.order(user.customer, "A-9", ended=None)
        return ask(customer=user.customer, at_once=True).pk

    return lay


def run_and_die(pk, point):
    """Carry the erasure on in a process that dies at this point."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        fault_points.reached.clear()
        os.environ[fault_points.VARIABLE] = point
        run(pk)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == signal.SIGKILL, point


def dump():
    """Return everything that is kept now, without random marks and times."""
    rows = {model._meta.label: model._base_manager.count() for model in apps.get_models() if is_ours(model)}
    erasure = Erasure.objects.get()
    return {
        **rows,
        "erasure": (erasure.state, erasure.figures, erasure.scan, bool(erasure.sealed), erasure.customer is None),
        "orders": list(Order.objects.order_by("number").values_list("number", "customer__language", "call_reference")),
        "people": list(OrderPerson.objects.order_by("pk").values_list("order__number", "name", "email")),
        "refunds": list(Refund.objects.values_list("reason", flat=True)),
        "locked": [(row.words, row.until.date(), sorted(map(str, row.references.all()))) for row in restricted()],
        "letters": sorted(Letter.objects.values_list("template", "recipient")),
    }


def restricted():
    return Restricted.objects.order_by("pk")


def is_ours(model):
    return model._meta.app_label in OURS and not model._meta.proxy


def points_of(pk, monkeypatch, held):
    """Carry it through without dying; the points that are reached, one turn of each."""
    fault_points.reached.clear()
    monkeypatch.setenv(fault_points.VARIABLE, "none")
    run(pk)
    monkeypatch.delenv(fault_points.VARIABLE)
    known = dict(fault_points.reached)
    if EVERY_STEP:
        turns = {name: range(1, count + 1) for name, count in known.items()}
    else:
        turns = {name: {count} for name, count in known.items() if (name in LAST_STEPS) is not held}
    return [f"{name}:{turn}" for name, found in turns.items() for turn in sorted(found)]


@pytest.mark.parametrize("held", [False, True])
def test_f01_i5_killed_anywhere_and_resumed_it_ends_the_same(stage, monkeypatch, held):
    points = points_of(stage(held), monkeypatch, held)
    whole = dump()
    assert len(points) >= 3
    for point in points:
        pk = stage(held)
        run_and_die(pk, point)
        run(pk)
        assert dump() == whole, point

"""What is past its term goes by itself, as the register tells people, and never what a hold stands on (R7)."""

from __future__ import annotations

import json
import os
import signal
import threading
from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core.management import call_command
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from cabinet.audit.models import Event
from cabinet.customers.models import Address, Customer, EngineLink, ErasedLink, User
from cabinet.jobs.running import run_due
from cabinet.notices.models import Letter
from cabinet.orders.models import Guest, Order, OrderPerson, Refund
from cabinet.privacy import fault_points, overdue, retention, terms
from cabinet.privacy.asking import ask
from cabinet.privacy.models import Restricted
from cabinet.privacy.retention import enforce, enforce_one, enforce_terms, would
from cabinet.register.categories import register
from tests.cabinet.privacy import people


def lay(user, more=0):
    """Have something of every kind be past its term, and something not; `more` rows of what comes in numbers."""
    now, customer = timezone.now(), user.customer
    people.fill(user)
    Letter.objects.update(settled_at=now - timedelta(days=31))
    Letter.objects.filter(pk=Letter.objects.earliest("pk").pk).update(settled_at=now - timedelta(days=29))
    for number in range(1 + more):
        Address.objects.create(customer=customer, city="Алматы", street="x", removed_at=now - timedelta(hours=1))
        people.order(customer, f"A-{number}")
        people.refund(people.order(customer, f"G-{number}"))
    Refund.objects.update(settled_at=now - timedelta(days=31))
    people.order(customer, "A-live", ended=None)
    people.order(customer, "A-held", objections=5)
    people.order(customer, "G-live", ended=None)
    people.refund(people.order(customer, "G-refund"), state="requested")
    Order.objects.filter(number__startswith="G").update(customer=None)
    guest = Guest.objects.create(source="shop", external_id="7", email="guest@shop.example")
    Order.objects.filter(number="G-0").update(guest=guest)


def counts(went):
    return {f"{each.category} {each.model}": dict(each.counts) for each in went if each.counts}


def names(**found):
    return set(OrderPerson.objects.filter(**found).values_list("order__number", flat=True))


def test_r7_the_dry_run_changes_nothing_and_equals_what_then_goes(aigerim):
    lay(aigerim, more=2)
    expected = counts(would())
    assert counts(would()) == expected and Address.objects.count() == 4
    assert counts(enforce()) == expected
    assert expected["orders.people orders.OrderPerson"] == {"restricted": 6}
    assert expected["orders.orders orders.Order"] == {"anonymised": 3}
    assert set(expected) > {
        "customers.addresses customers.Address",
        "customers.letters notices.Letter",
        "orders.refunds orders.Refund",
        "orders.refunds orders.RefundDetails",
        "orders.people orders.Guest",
    }
    assert counts(would()) == counts(enforce()) == {}


def test_i6_what_a_hold_stands_on_stays_whoever_it_is_about(aigerim):
    lay(aigerim)
    enforce_terms()
    assert names() == {"A-live", "A-held", "G-live", "G-refund"}
    with time_machine.travel(timezone.now() + timedelta(days=6)):
        enforce_terms()
    assert names() == {"A-live", "G-live", "G-refund"}


def test_the_person_of_a_customers_own_order_goes_under_lock_and_the_order_stays_theirs(aigerim):
    order = people.order(aigerim.customer, "A-1")
    enforce_terms()
    order.refresh_from_db()
    assert order.customer == aigerim.customer and not OrderPerson.objects.exists()
    row = Restricted.objects.get()
    assert row.words == {"name": f"{people.NAME} {people.SURNAME}"} and row.until == order.tax_until and row.law
    assert [each.reference for each in row.references.all()] == ["A-1"] and row.erasure == ""


def test_papers_without_a_day_to_come_leave_nothing_under_lock(aigerim):
    people.order(aigerim.customer, "A-1", tax=-1)
    enforce_terms()
    assert not OrderPerson.objects.exists() and not Restricted.objects.exists()


def test_two_people_of_one_batch_stand_under_lock_apart(aigerim):
    for number, name in (("A-1", "Aigerim"), ("A-2", "Boris"), ("A-3", "Boris")):
        people.order(aigerim.customer, number)
        OrderPerson.objects.filter(order__number=number).update(name=name)
    enforce_terms()
    found = {row.words["name"]: [str(each) for each in row.references.all()] for row in Restricted.objects.all()}
    assert found == {"Aigerim": ["A-1"], "Boris": ["A-2", "A-3"]}


def test_a_deletion_that_was_asked_for_does_it_itself_as_its_plan_told(aigerim):
    people.order(aigerim.customer, "A-1")
    ask(customer=aigerim.customer)
    enforce_terms()
    assert names() == {"A-1"}


def test_a_guest_who_orders_again_is_not_taken_for_somebody_erased(aigerim):
    lay(aigerim)
    enforce_terms()
    assert not Guest.objects.exists() and not ErasedLink.objects.exists() and not EngineLink.objects.exists()


def test_a_guest_of_whom_an_order_tells_or_may_still_come_stays(aigerim):
    lay(aigerim)
    Order.objects.filter(number="G-live").update(guest=Guest.objects.get())
    Guest.objects.create(source="shop", external_id="8", told_at=timezone.now() - timedelta(days=89))
    enforce_terms()
    assert Guest.objects.count() == 2


def test_staff_are_never_touched(make_user, settings):
    settings.UNCONFIRMED_DAYS = settings.IDLE_ACCOUNT_DAYS = 100
    old = timezone.now() - timedelta(days=3000)
    colleague = make_user("timur@shop.example", date_joined=old)
    User.objects.filter(pk=colleague.pk).update(is_staff=True)
    Customer.objects.create(user=colleague, language="ru")
    EmailAddress.objects.create(user=colleague, email=colleague.email, verified=False, primary=True)
    assert counts(would()) == {}
    enforce_terms()
    assert User.objects.filter(pk=colleague.pk, is_active=True).exists()


def test_the_audit_log_counts_what_went_by_category_and_names_nobody(aigerim):
    lay(aigerim)
    expected = counts(would())
    enforce_terms()
    told = [event.tells() for event in Event.objects.filter(name=terms.ENFORCED)]
    assert {f"{each['category']} {each['model']}": each["gone"] for each in told} == expected
    assert not Event.objects.filter(name=terms.ENFORCED).exclude(subject="").exists()
    call_command("verify_audit")
    enforce_terms()
    assert Event.objects.filter(name=terms.ENFORCED).count() == len(told)


def test_what_a_bigger_shop_costs_is_rows_not_queries(aigerim, boris):
    lay(aigerim)
    small = asked(aigerim)
    lay_again(boris, more=12)
    assert asked(boris) == small


def lay_again(user, more):
    Order.objects.all().delete()
    lay(user, more)


def asked(user):
    """How many queries the dry run and the deed ask."""
    with CaptureQueriesContext(connection) as dry:
        assert counts(would())
    with CaptureQueriesContext(connection) as deed:
        enforce_terms()
    return len(dry), len(deed)


def test_a_category_that_fails_is_told_and_the_others_are_enforced(aigerim, monkeypatch, caplog):
    lay(aigerim)

    def fail(locker, rows):
        raise RuntimeError("Aigerim")

    monkeypatch.setattr(overdue.Locker, "put", fail)
    enforce_terms()
    assert "retention.failed" in caplog.text
    assert names(order__number="A-0") and not Address.objects.filter(removed_at__isnull=False).exists()
    assert Order.objects.get(number="G-0").anonymised_at


def test_an_order_that_comes_to_be_held_meanwhile_keeps_its_person(aigerim, monkeypatch):
    order, free = people.order(aigerim.customer, "A-1"), people.order(aigerim.customer, "A-2")
    locking = overdue.Overdue.lock

    def lock_late(part, rows):
        Refund.objects.get_or_create(order=order, amount=10, reason="late", state="requested")
        locking(part, rows)

    monkeypatch.setattr(overdue.Overdue, "lock", lock_late)
    enforce_terms()
    assert names() == {"A-1"} and free


# The command and the worker ---------------------------------------------------------------------------------------


def test_the_command_says_what_would_go_and_what_went(aigerim, capsys):
    lay(aigerim)
    call_command("enforce_retention", "--dry-run")
    dry = capsys.readouterr().out
    assert "Would go: erased: " in dry and "bonuses.account          with the account" in dry
    assert Address.objects.count() == 2
    call_command("enforce_retention")
    went = capsys.readouterr().out
    assert went.replace("Gone: ", "Would go: ") == dry
    assert Address.objects.count() == 1


def test_the_command_takes_one_category_and_speaks_json(aigerim, capsys):
    lay(aigerim)
    call_command("enforce_retention", "--category", "customers.addresses", "--format", "json")
    [told] = json.loads(capsys.readouterr().out)
    assert told == {"category": "customers.addresses", "model": "customers.Address", "counts": {"erased": 1}}
    assert names(order__number="A-0")


def test_a_worker_does_it_each_hour_and_dead_days_make_no_pile(aigerim, committed_db):
    lay(aigerim)
    for _hour in range(3):
        retention.begin()
    assert DBTaskResult.objects.filter(task_path=enforce_terms.module_path).count() == 1
    run_due()
    assert counts(would()) == {}
    retention.begin()
    assert enforce_terms.is_waiting()


def test_the_words_of_a_term_tell_the_number_that_is_executed(settings):
    assert f"{settings.LETTER_LIFETIME.days} " in str(register.by_key["customers.letters"].term.text)
    assert f"{settings.IDLE_ACCOUNT_DAYS} " in str(register.by_key["customers.account"].term.text)
    assert f"{settings.REFUND_DETAILS_LIFETIME.days} " in str(register.by_key["orders.refunds"].term.text)


# f01 ----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def stage(committed_db, django_db_setup, monkeypatch):
    """Return a function that lays a fresh database with much that is past its term."""
    monkeypatch.setattr(terms, "BATCH", 2)
    monkeypatch.setattr(terms, "SEALED", 2)

    def again():
        django_db_setup.make()
        user = User.objects.create_user("aigerim@customer.example")
        Customer.objects.create(user=user, language="ru")
        lay(user, more=3)

    return again


def run_and_die(point):
    """Enforce in a process that dies at this point."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        fault_points.reached.clear()
        os.environ[fault_points.VARIABLE] = point
        list(enforce())
        os._exit(0)
    assert os.waitpid(child, 0)[1] == signal.SIGKILL, point


def dump():
    """What is kept, without random marks and times; how many rows the audit log says went."""
    told = [event.tells() for event in Event.objects.filter(name=terms.ENFORCED)]
    return {
        "people": names(),
        "locked": sorted(str(each) for row in Restricted.objects.all() for each in row.references.all()),
        "words": {tuple(row.words.items()) for row in Restricted.objects.all()},
        "orders": list(Order.objects.order_by("number").values_list("number", "customer", "call_reference")),
        "refunds": sorted(Refund.objects.values_list("reason", flat=True)),
        "rows": (Address.objects.count(), Letter.objects.count(), Guest.objects.count()),
        "told": sum(count for each in told for count in each["gone"].values()),
    }


def test_f01_killed_between_any_batches_and_run_again_it_ends_the_same(stage, monkeypatch):
    stage()
    fault_points.reached.clear()
    monkeypatch.setenv(fault_points.VARIABLE, "none")
    list(enforce())
    monkeypatch.delenv(fault_points.VARIABLE)
    whole, batches = dump(), fault_points.reached["term"]
    assert batches > 10
    for turn in {1, batches // 3, batches // 2, batches}:
        stage()
        run_and_die(f"term:{turn}")
        assert dump() != whole or turn == batches
        list(enforce())
        assert dump() == whole, turn
        assert enforce_one("orders.people") == 0


def test_two_workers_at_once_do_nothing_twice(stage):
    stage()
    list(enforce())
    whole = dump()
    stage()
    start = threading.Barrier(2)

    def work():
        start.wait()
        for _went in enforce():
            pass
        connections.close_all()

    threads = [threading.Thread(target=work) for _each in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert dump() == whole

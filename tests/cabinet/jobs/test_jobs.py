"""A page asks for a job and does not wait for it; a worker does it once."""

from __future__ import annotations

import threading
import uuid
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult

from cabinet.jobs.pruning import forget_done
from cabinet.jobs.running import Hand, run_due
from cabinet.jobs.workman import Workman, workman
from tests.cabinet.jobs.sample import note, stumble


def test_a_job_waits_until_a_worker_comes(db, slate):
    note.later(7)
    assert slate == []
    assert run_due() == 1
    assert slate == [7]
    assert run_due() == 0


def test_a_job_can_be_done_here_and_now(slate):
    note(3)
    assert slate == [3]


def test_a_job_is_undone_with_what_asked_for_it(db, slate):
    with pytest.raises(RuntimeError), transaction.atomic():
        note.later(7)
        raise RuntimeError
    assert run_due() == 0


@pytest.mark.parametrize("given", ["aigerim@customer.example", "Айгерім", "two words", "", b"bytes", "x" * 101])
def test_a_job_is_given_ids_and_nothing_else(db, given):
    with pytest.raises(ValueError, match="ids"):
        note.later(given)


def test_a_uuid_is_an_id(db, slate):
    one = uuid.uuid4()
    note.later(one)
    run_due()
    assert slate == [str(one)]


def test_the_workman_is_poked_after_the_commit(db, monkeypatch, django_capture_on_commit_callbacks):
    poked = []
    monkeypatch.setattr(workman, "poke", lambda: poked.append(True))
    with django_capture_on_commit_callbacks(execute=True):
        note.later(1)
        assert poked == []
    assert poked == [True]


def test_several_workers_do_each_job_once(committed_db, slate):
    for number in range(12):
        note.later(number)
    workers = [threading.Thread(target=Workman().one_round) for _each in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=60)
    assert sorted(slate) == list(range(12))


def test_the_packages_own_command_does_the_same(db, slate, monkeypatch):
    monkeypatch.setattr(db_worker, "close_old_connections", lambda: None)  # the test's transaction stays open
    note.later(5)
    stumble.later(6)
    call_command("db_worker", batch=True, startup_delay=False, interval=0, reload=False, verbosity=0)
    assert sorted(slate) == [5, 6]


def test_what_was_done_is_forgotten_after_a_day(db):
    note.later(1)
    run_due()
    assert forget_done() == 0
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert forget_done() == 1


def test_a_process_that_ends_gives_its_job_back(db, slate):
    note.later(1)
    hand = Hand()
    DBTaskResult.objects.get().claim(hand.worker_id)
    assert run_due() == 0
    hand.let_go()
    assert run_due() == 1


def test_no_thread_where_somebody_turned_it_off(settings):
    settings.WORKER_THREAD = False
    one = Workman()
    one.start()
    assert one.thread is None


def test_another_engine_gets_the_job_after_the_commit(db, settings, slate, django_capture_on_commit_callbacks):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    with django_capture_on_commit_callbacks(execute=True):
        note.later(9)
        assert slate == []
    assert slate == [9]
    one = Workman()
    one.start()
    assert one.thread is None


def test_a_new_customer_leaves_nothing_in_the_queue(make_customer):
    make_customer("aigerim@customer.example", "Aigerim")
    assert not DBTaskResult.objects.exists()

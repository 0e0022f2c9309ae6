"""f14: a job that fails each time is parked after five tries; three days without anybody make no flood (trust.md)."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from django_tasks_db.compat import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from cabinet.jobs.failing import LOST, PAUSES, TRIES
from cabinet.jobs.job import LEASE
from cabinet.jobs.running import Hand, run_due
from cabinet.notices import upkeep
from cabinet.notices.postman import Postman
from tests.cabinet.jobs import sample
from tests.cabinet.jobs.sample import note, stumble


@pytest.fixture(autouse=True)
def slate():
    sample.done.clear()
    sample.broken[:] = [ValueError("aigerim@customer.example has no address")]
    return sample.done


def only() -> DBTaskResult:
    return DBTaskResult.objects.get()


def try_until_parked() -> list[timedelta]:
    """Run whatever is due, going to each next try; return the pauses."""
    pauses, now = [], timezone.now()
    for _each in range(TRIES + 2):
        with time_machine.travel(now, tick=False):
            run_due()
            row = only()
            if row.status == TaskResultStatus.FAILED:
                break
            pauses.append(row.run_after - now)
            now = row.run_after
    return pauses


def test_f14_a_poison_task_is_parked_after_five_tries_with_growing_pauses(db):
    stumble.later(1)
    assert try_until_parked() == list(PAUSES) == sorted(PAUSES)
    assert len(only().worker_ids) == TRIES == 5
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        assert run_due() == 0


def test_f14_before_its_pause_has_passed_nothing_is_tried(db):
    stumble.later(1)
    assert (run_due(), run_due()) == (1, 0)


def test_f14_a_job_that_recovers_is_done(db, slate):
    stumble.later(1)
    run_due()
    sample.broken.clear()
    with time_machine.travel(timezone.now() + PAUSES[0] + timedelta(seconds=1)):
        run_due()
    assert slate == [1]
    assert only().status == TaskResultStatus.SUCCESSFUL


def test_f14_a_poison_task_does_not_keep_the_others(db, slate):
    stumble.later(1)
    note.later(2)
    assert run_due() == 2
    assert slate == [2]


def test_f14_what_failed_is_told_by_its_class_alone(db):
    stumble.later(1)
    try_until_parked()
    kept = json.dumps(list(DBTaskResult.objects.values()), default=str)
    assert only().exception_class_path == "builtins.ValueError"
    assert "aigerim" not in kept


def test_f14_the_job_of_a_killed_worker_begins_anew_after_its_lease(db, slate):
    note.later(1)
    only().claim("killed")
    assert run_due() == 0  # somebody may still be at it
    with time_machine.travel(timezone.now() + LEASE + timedelta(seconds=1)):
        assert run_due() == 1
    assert slate == [1]


def test_f14_a_job_over_which_workers_die_is_parked(db, slate):
    note.later(1)
    now = timezone.now()
    for _each in range(TRIES):
        with time_machine.travel(now, tick=False):
            only().claim(Hand().worker_id)
        now += LEASE + timedelta(seconds=1)
        with time_machine.travel(now, tick=False):
            from cabinet.jobs.failing import mend

            mend()
    row = only()
    assert (row.status, row.exception_class_path, slate) == (TaskResultStatus.FAILED, LOST, [])


def test_f14_killed_between_the_failure_and_our_word_about_it(db, slate):
    note.later(1)
    row = only()
    row.claim("killed")
    row.set_failed(ValueError())  # and nobody told us
    run_due()
    assert only().status == TaskResultStatus.READY


def test_f14_a_job_whose_code_is_gone_is_parked_too(db):
    note.later(1)
    DBTaskResult.objects.update(task_path="cabinet.gone.for_ever")
    try_until_parked()
    assert only().status == TaskResultStatus.FAILED


def test_f14_three_days_without_an_hourly_round_are_made_up_for_by_one(db, monkeypatch):
    rounds = []
    monkeypatch.setattr(upkeep, "deeds", [lambda: rounds.append(timezone.now())])
    with time_machine.travel(timezone.now() - timedelta(days=3)):
        Postman().do_upkeep()
    one = Postman()
    one.do_upkeep()
    one.do_upkeep()
    assert len(rounds) == 2


def test_f14_three_days_without_a_worker_do_each_waiting_job_once(db, slate):
    for number in range(20):
        note.later(number)
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        assert run_due() == 20
        assert run_due() == 0
    assert sorted(slate) == list(range(20))

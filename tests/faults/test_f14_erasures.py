"""f14: nobody works for three days, or one erasure fails each time: others go on, and letters go once (trust.md)."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from cabinet.jobs.models import ParkedJob
from cabinet.jobs.running import run_due
from cabinet.notices import upkeep
from cabinet.notices.models import Letter
from cabinet.privacy import erasing, fault_points, letting_go
from cabinet.privacy.asking import ask, carry_on, erase
from cabinet.privacy.erasures import Erasure, State
from cabinet.privacy.models import DataCopy, Restricted
from cabinet.privacy.retention import enforce_terms
from cabinet.privacy.turns import DONE, REQUESTED, WAITING
from tests.cabinet.privacy import people
from tests.cabinet.privacy.conftest import known, made  # noqa: F401  (fixtures)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def clock():
    with time_machine.travel(timezone.now(), tick=False) as found:
        yield found


def work():
    """What the scheduler does in an hour, and then the worker."""
    upkeep.upkeep()
    run_due()


def states():
    return dict(Erasure.objects.values_list("customer__user__email", "state"))


def letters():
    found = Letter.objects.filter(template__contains="erasure_").order_by("pk")
    return list(found.values_list("template", flat=True))


def test_f14_three_days_without_a_worker_make_one_job_and_one_letter(known, clock):  # noqa: F811
    ask(customer=known.customer)
    clock.shift(7 * DAY)
    for _hour in range(72):
        carry_on()
        clock.shift(HOUR)
    assert DBTaskResult.objects.filter(task_path=erase.module_path).count() == 1
    run_due()
    assert Erasure.objects.get().state == State.DONE
    assert letters() == [REQUESTED, DONE]


def jobs():
    """How many jobs there are, but for the hourly round of the terms, which is one each hour."""
    return DBTaskResult.objects.exclude(task_path=enforce_terms.module_path).count()


def test_f14_after_three_days_without_a_scheduler_all_that_is_due_goes_on(known, boris, clock, settings, tmp_path):  # noqa: F811
    settings.COPIES_DIR = tmp_path
    made(boris)
    people.order(known.customer, "A-1", objections=8)  # free on the eighth day, a day before anybody works again
    ask(customer=known.customer)
    people.order(boris.customer, "B-1", objections=9)
    ask(customer=boris.customer, at_once=True)
    run_due()
    assert states() == {known.email: State.REQUESTED, f"{boris.public_id}@erased.invalid".lower(): State.WAITING}
    clock.shift(10 * DAY)
    work()
    assert set(Erasure.objects.values_list("state", flat=True)) == {State.DONE}
    assert {each.ended_at for each in Erasure.objects.all()} == {timezone.now()}
    assert sorted(letters()) == sorted([REQUESTED, WAITING, DONE, DONE])  # none about what was over meanwhile
    assert Restricted.objects.count() == 2 and not DataCopy.objects.exists() and not list(tmp_path.iterdir())
    before = letters(), jobs()
    work()
    assert (letters(), jobs()) == before


def test_f14_one_killed_in_the_middle_is_taken_up_again_by_itself(known, clock, monkeypatch):  # noqa: F811
    class Killed(BaseException):
        pass

    def die(name):
        if name == "traces":
            raise Killed

    erasure = ask(customer=known.customer, at_once=True)
    DBTaskResult.objects.get(task_path=erase.module_path).claim("killed")
    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(fault_points, "fault_point", die)
        erasing.run(erasure.pk)
    work()
    assert Erasure.objects.get().state == State.RUNNING  # its worker may still be at it
    clock.shift(3 * DAY)
    work()
    assert Erasure.objects.get().state == State.DONE and letters() == [DONE]


def test_f14_a_poisoned_erasure_is_parked_after_five_tries_and_the_others_go_on(known, boris, clock, monkeypatch):  # noqa: F811
    poisoned, parts_of = ask(customer=known.customer, at_once=True), letting_go.parts_of
    ask(customer=boris.customer, at_once=True)

    def fail_for_her(account, *given):
        return 1 / 0 if account.pk == known.pk else parts_of(account, *given)

    monkeypatch.setattr(letting_go, "parts_of", fail_for_her)
    for _hour in range(8):
        work()
        clock.shift(HOUR)
    jobs = DBTaskResult.objects.filter(task_path=erase.module_path, args_kwargs__args=[poisoned.pk])
    assert [len(job.worker_ids) for job in jobs] == [5]
    assert ParkedJob.objects.get().error == "ZeroDivisionError"
    poisoned.refresh_from_db()
    assert poisoned.state == State.RUNNING and not poisoned.customer.user.is_active
    assert Erasure.objects.exclude(pk=poisoned.pk).get().state == State.DONE and letters() == [DONE]

    monkeypatch.undo()  # somebody has mended it, and has forgotten the parked job
    clock.shift(DAY)
    work()
    poisoned.refresh_from_db()
    assert poisoned.state == State.DONE and letters() == [DONE, DONE]

"""f10: the clock is a day off, jumps back and forth, or Almaty changes its zone; nothing goes before its day."""

from __future__ import annotations

import os
import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from cabinet.jobs.running import run_due
from cabinet.orders.models import Order, OrderPerson
from cabinet.orders.terms import objections_until, tax_until
from cabinet.privacy import copies, erasing, fault_points, letting_go
from cabinet.privacy.asking import ask, call_off, carry_on, end_of_thinking
from cabinet.privacy.erasures import Erasure, State
from cabinet.privacy.models import Restricted
from cabinet.privacy.retention import enforce_one
from cabinet.register.regimes import Deadline, Event, Unit, due
from tests.cabinet.privacy import people
from tests.cabinet.privacy.conftest import erase, known, made  # noqa: F401  (fixtures)

ALMATY = ZoneInfo("Asia/Almaty")  # UTC+6 until the end of February 2024, UTC+5 since
ONE_DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
BEGUN = datetime(2026, 3, 2, 9, tzinfo=ALMATY)
COPIES, LOCKED = "privacy.copies", "orders.people"


@pytest.fixture
def clock():
    with time_machine.travel(BEGUN, tick=False) as found:
        yield found


@pytest.fixture(params=["America/New_York", "Pacific/Kiritimati"])
def abroad(request, monkeypatch):
    """A server, and a colleague in Wagtail, who live by another clock."""
    monkeypatch.setitem(os.environ, "TZ", request.param)
    time.tzset()
    with timezone.override(request.param):
        yield
    monkeypatch.undo()
    time.tzset()


def local(*moment, fold=0):
    return datetime(*moment, fold=fold, tzinfo=ALMATY)


def hour(count):
    return timedelta(hours=count)


# Days are the shop's -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "due_at"),
    [
        (local(2026, 3, 2, 23, 59), local(2026, 3, 9, 23, 59)),
        (local(2024, 2, 27, 12), local(2024, 3, 5, 12)),  # over the change of zone: 169 hours
        (local(2024, 2, 22, 23, 30), local(2024, 2, 29, 23, 30)),  # the hour that came twice: its first time
        (local(2024, 2, 29, 23, 30, fold=1), local(2024, 3, 7, 23, 30)),
    ],
)
def test_f10_the_time_to_think_ends_at_the_same_hour_of_the_shops_clock(asked, due_at):
    assert end_of_thinking(asked) == due_at
    assert end_of_thinking(asked.astimezone(ZoneInfo("UTC"))) == due_at


def test_f10_the_change_of_zone_makes_it_an_hour_longer():
    asked = local(2024, 2, 27, 12)
    assert end_of_thinking(asked).timestamp() - asked.timestamp() == 169 * 3600


@pytest.mark.parametrize(
    ("delivered", "last_day"),
    [
        (local(2024, 2, 20, 10), local(2024, 3, 5)),
        (local(2026, 3, 1, 23, 59), local(2026, 3, 16)),  # the 15th is a Sunday
        (local(2026, 3, 2, 0, 0), local(2026, 3, 16)),
    ],
)
def test_f10_objections_end_with_a_day_of_the_shop(delivered, last_day):
    assert last_day <= objections_until(delivered, []) < last_day + ONE_DAY


def test_f10_hours_are_counted_through_a_change_of_zone():
    since = local(2024, 2, 28, 12)
    assert Deadline(72, Unit.HOURS, "").due(since).timestamp() - since.timestamp() == 72 * 3600


def test_f10_no_due_date_moves_by_a_servers_or_a_colleagues_zone(settings):
    late = local(2026, 3, 2, 23, 59).astimezone(ZoneInfo("UTC"))
    new_year = local(2026, 1, 1, 0, 30).astimezone(ZoneInfo("UTC"))
    asked = [lambda event=event: due(event, late) for event in (Event.OBJECTIONS, Event.WITHDRAWAL, Event.CORRECT)]
    asked += [lambda: end_of_thinking(late), lambda: tax_until(new_year), lambda: objections_until(late, [])]
    here = [each() for each in asked]
    for zone in ("UTC", "America/New_York", "Pacific/Kiritimati"):
        with timezone.override(zone):
            assert [each() for each in asked] == here


def test_f10_an_erasure_abroad_is_due_when_it_is_here(known, clock, abroad):  # noqa: F811
    clock.move_to(local(2026, 3, 2, 23, 59))
    erasure = ask(customer=known.customer)
    assert erasure.due_at == local(2026, 3, 9, 23, 59)
    clock.move_to(local(2026, 3, 9, 23, 58, 59))
    assert carry_on() == 0
    clock.move_to(local(2026, 3, 9, 23, 59))
    assert carry_on() == 1


# A clock that jumps --------------------------------------------------------------------------------------------------


def test_f10_an_erasure_does_not_begin_early_however_the_clock_jumps(known, clock):  # noqa: F811
    erasure = ask(customer=known.customer)
    for jump in (ONE_DAY, -ONE_DAY, 6 * ONE_DAY, -3 * ONE_DAY, 4 * ONE_DAY - SECOND):
        clock.shift(jump)
        assert carry_on() == 0 and erasing.run(erasure.pk) == State.REQUESTED
    clock.shift(SECOND)
    assert carry_on() == 1 and run_due() and Erasure.objects.get().state == State.DONE


def test_f10_called_off_under_a_clock_gone_back_it_stays_called_off(known, clock):  # noqa: F811
    erasure = ask(customer=known.customer)
    clock.shift(-ONE_DAY)
    call_off(erasure=erasure)
    clock.shift(30 * ONE_DAY)
    assert carry_on() == 0 and erasing.run(erasure.pk) == State.CANCELLED


@pytest.mark.parametrize("jumps", [(ONE_DAY, -ONE_DAY), (-ONE_DAY, ONE_DAY)])
def test_f10_a_jump_at_each_step_takes_nothing_that_is_held(known, clock, monkeypatch, jumps):  # noqa: F811
    live, over = people.order(known.customer, "A-1", objections=2), people.order(known.customer, "A-2")
    steps = []

    def jump(name):
        clock.shift(jumps[len(steps) % 2])
        steps.append(name)

    monkeypatch.setattr(fault_points, "fault_point", jump)
    pk = ask(customer=known.customer, at_once=True).pk
    assert erasing.run(pk) == State.WAITING and len(steps) > 20
    live.refresh_from_db(), over.refresh_from_db()
    assert live.customer and live.person.street == people.STREET  # i6
    assert over.customer is None
    monkeypatch.undo()
    clock.move_to(BEGUN + 3 * ONE_DAY)
    assert erasing.run(pk) == State.DONE and not OrderPerson.objects.exists()


def test_f10_a_hold_ends_with_its_day_not_with_a_jump_towards_it(known, erase, clock):  # noqa: F811
    people.order(known.customer, "A-1", objections=2)
    erasure = erase(known)
    for shift in (ONE_DAY, -ONE_DAY, 2 * ONE_DAY - SECOND):
        clock.shift(shift)
        assert carry_on() == 0 and erasing.run(erasure.pk) == State.WAITING
        assert Order.objects.get().customer
        clock.move_to(BEGUN)
    clock.shift(2 * ONE_DAY)
    assert carry_on() == 1


def test_f10_a_job_put_off_by_a_clock_in_the_future_is_done_all_the_same(known, clock, monkeypatch):  # noqa: F811
    ask(customer=known.customer, at_once=True)
    clock.shift(ONE_DAY)
    with monkeypatch.context() as patched:
        patched.setattr(erasing, "what_stays", lambda *given: 1 / 0)
        patched.setattr(letting_go, "parts_of", lambda *given, **more: 1 / 0)
        run_due()
    clock.shift(-ONE_DAY)
    assert carry_on() == 0  # it is in hand: one job, whatever the clock
    clock.shift(ONE_DAY + hour(1))
    run_due()
    assert Erasure.objects.get().state == State.DONE


def test_f10_a_copy_is_there_to_its_hour_and_not_a_second_longer(known, clock, settings, tmp_path):  # noqa: F811
    settings.COPIES_DIR = tmp_path
    copy = made(known)
    for shift, is_there in ((-ONE_DAY, True), (ONE_DAY, True), (hour(72) - SECOND, True), (hour(72), False)):
        clock.move_to(BEGUN + shift)
        assert copy.is_ready == is_there
        enforce_one(COPIES)
        assert copy.place.exists() == is_there
    clock.move_to(BEGUN)
    copy.refresh_from_db()
    assert not copy.is_ready  # who came back in time does not bring it back


def test_f10_once_a_day_is_a_day_of_any_clock(known, clock, settings, tmp_path):  # noqa: F811
    settings.COPIES_DIR = tmp_path
    made(known)
    for shift in (-ONE_DAY, ONE_DAY - SECOND):
        clock.move_to(BEGUN + shift)
        with pytest.raises(copies.TooSoon):
            copies.ask(customer=known.customer, language="ru")


def test_f10_what_stands_under_lock_stays_to_its_last_second(known, erase, clock):  # noqa: F811
    people.order(known.customer, "A-1")
    assert erase(known).state == State.DONE
    until = Restricted.objects.get().until
    for shift in (-ONE_DAY, -SECOND):
        clock.move_to(until + shift)
        enforce_one(LOCKED)
        assert Restricted.objects.exists()
        clock.move_to(BEGUN)
    clock.move_to(until)
    enforce_one(LOCKED)
    assert not Restricted.objects.exists()

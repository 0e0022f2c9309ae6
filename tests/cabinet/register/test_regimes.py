"""The law in numbers: every row of it, and when it is due."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from cabinet.register import checks
from cabinet.register.regimes import REGIMES, Event, Unit, due, months_later
from cabinet.register.working_days import is_working_day

ALMATY = ZoneInfo("Asia/Almaty")
# The day before 2024-03-01 the clocks of Almaty went from UTC+6 to UTC+5: of two moments one may read twice.
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2040, 12, 31), timezones=st.just(UTC))
LAW_IN_NUMBERS = {
    Event.INFORMATION: (3, Unit.WORKING_DAYS, "395/НҚ, p. 16"),
    Event.CORRECT: (1, Unit.WORKING_DAYS, "94-V, art. 25(2)(8)"),
    Event.BLOCK: (1, Unit.WORKING_DAYS, "94-V, art. 25(2)(8)"),
    Event.UNBLOCK: (1, Unit.WORKING_DAYS, "94-V, art. 25(2)(8)"),
    Event.DESTROY: (1, Unit.WORKING_DAYS, "94-V, art. 25(2)(8)"),
    Event.WITHDRAWAL: (15, Unit.WORKING_DAYS, "94-V, art. 8(7)"),
    Event.AUTOMATED: (3, Unit.WORKING_DAYS, "94-V, art. 19-1(3)"),
    Event.TRANSFER: (10, Unit.WORKING_DAYS, "94-V, art. 19(1)"),
    Event.BREACH: (1, Unit.WORKING_DAYS, "94-V, art. 25(2)(8)"),
    Event.CLAIM: (10, Unit.DAYS, "274-IV, art. 42-4"),
    Event.OBJECTIONS: (14, Unit.DAYS, "contract"),
    Event.TAX: (5, Unit.YEARS, "Tax Code of the RK, art. 193(3)"),
}


def at(*numbers):
    return datetime(*numbers, tzinfo=ALMATY)


@pytest.mark.parametrize("event", Event)
def test_kazakhstan_says_of_every_event_how_long_and_where_it_stands(event):
    amount, unit, source = LAW_IN_NUMBERS[event]
    found = REGIMES["rk"].deadline(event)
    assert (found.amount, found.unit) == (amount, unit)
    assert source in found.source


@pytest.mark.parametrize("event", Event)
@pytest.mark.parametrize("name", REGIMES)
def test_every_number_of_every_regime_has_a_source(event, name):
    assert REGIMES[name].deadline(event).source


@pytest.mark.parametrize(
    ("event", "since", "last"),
    [
        (Event.INFORMATION, at(2026, 6, 1, 9), date(2026, 6, 4)),  # Monday to Thursday
        (Event.INFORMATION, at(2026, 3, 20, 18), date(2026, 3, 30)),  # Nauryz with its transfers, then a week-end
        (Event.BREACH, at(2026, 6, 5, 23, 59), date(2026, 6, 8)),  # Friday night to Monday
        (Event.BREACH, at(2026, 5, 6, 12), date(2026, 5, 8)),  # 7 May is a holiday
        (Event.BREACH, at(2026, 5, 8, 12), date(2026, 5, 12)),  # 9 May is a Saturday, so Monday is off
        (Event.WITHDRAWAL, at(2026, 12, 14, 12), date(2027, 1, 8)),  # over 16 December, New Year and Christmas
        (Event.CLAIM, at(2026, 4, 28), date(2026, 5, 8)),
        (Event.CLAIM, at(2026, 4, 27), date(2026, 5, 8)),  # the tenth day, 7 May, is a holiday
        (Event.OBJECTIONS, at(2026, 6, 1, 10), date(2026, 6, 15)),
        (Event.TAX, at(2026, 12, 31, 23), date(2031, 12, 31)),
    ],
)
def test_days_are_counted_as_the_civil_code_tells(event, since, last):
    found = due(event, since)
    assert found.date() == last
    assert (found.hour, found.minute, found.tzinfo) == (23, 59, timezone.get_default_timezone())


def test_the_day_is_the_shops_and_not_that_of_the_clock_in_utc():
    assert due(Event.BREACH, datetime(2026, 6, 1, 20, tzinfo=UTC)).date() == date(2026, 6, 3)


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="naive"):
        due(Event.BREACH, datetime(2026, 6, 1))


def test_transfers_of_days_count(settings):
    settings.WORKING_DAYS_MOVED = {date(2026, 5, 8): False, date(2026, 5, 16): True}
    assert due(Event.BREACH, at(2026, 5, 6)).date() == date(2026, 5, 12)


def test_the_objection_period_is_the_shops_own(settings):
    settings.OBJECTION_DAYS = 7
    assert due(Event.OBJECTIONS, at(2026, 6, 1)).date() == date(2026, 6, 8)


def test_the_gdpr_counts_a_month_and_for_a_breach_hours(settings):
    settings.REGIME = "gdpr"
    assert due(Event.INFORMATION, at(2026, 1, 31, 12)).date() == date(2026, 3, 2)  # 28 February is a Saturday
    assert due(Event.BREACH, at(2026, 6, 5, 18)) == at(2026, 6, 8, 18)
    assert due(Event.CLAIM, at(2026, 6, 1)).date() == date(2026, 6, 11)


@given(st.sampled_from(Event), MOMENTS)
def test_nothing_falls_due_on_a_holiday(event, since):
    found = due(event, since)
    assert is_working_day(found.date())
    assert found > since


@given(st.sampled_from(Event), MOMENTS, st.timedeltas(timedelta(0), timedelta(days=40)), st.sampled_from([*REGIMES]))
def test_what_began_later_is_never_due_earlier(event, since, later, name):
    deadline = REGIMES[name].deadline(event)
    assert deadline.due(since) <= deadline.due(since + later)


@given(st.sampled_from([event for event in Event if LAW_IN_NUMBERS[event][1] is Unit.WORKING_DAYS]), MOMENTS)
def test_n_working_days_have_n_working_days_between(event, since):
    begun, last = timezone.localtime(since).date(), due(event, since).date()
    days = [begun + timedelta(days=number) for number in range(1, (last - begun).days + 1)]
    assert sum(map(is_working_day, days)) == LAW_IN_NUMBERS[event][0]


@pytest.mark.parametrize(
    ("day", "count", "later"),
    [
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2024, 2, 29), 60, date(2029, 2, 28)),
        (date(2026, 12, 5), 1, date(2027, 1, 5)),
        (date(2026, 11, 30), 13, date(2027, 12, 30)),
    ],
)
def test_months_end_on_the_same_date_or_the_last(day, count, later):
    assert months_later(day, count) == later


def test_deadlines_are_told_in_words():
    found = REGIMES["rk"]
    with translation.override("ru"):
        assert [
            str(found.deadline(event)) for event in (Event.BREACH, Event.INFORMATION, Event.WITHDRAWAL, Event.TAX)
        ] == [
            "1 рабочий день",
            "3 рабочих дня",
            "15 рабочих дней",
            "5 лет",
        ]
    with translation.override("kk"):
        assert str(found.deadline(Event.INFORMATION)) == "3 жұмыс күні"


# The check -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value", "check", "id"),
    [
        ("REGIME", "moon", checks.regime_is_known, "E004"),
        ("OBJECTION_DAYS", -1, checks.objection_period_can_be, "E005"),
        ("OBJECTION_DAYS", "two weeks", checks.objection_period_can_be, "E005"),
        ("WORKING_DAYS_MOVED", ["2026-05-08"], checks.moved_days_are_days, "E006"),
        ("WORKING_DAYS_MOVED", {"2026-05-08": False}, checks.moved_days_are_days, "E006"),
        ("WORKING_DAYS_MOVED", {date(2026, 5, 8): "off"}, checks.moved_days_are_days, "E006"),
        ("WORKING_DAYS_MOVED", {date(2026, 5, 9): False}, checks.moved_days_are_days, "W001"),  # a Saturday
        ("WORKING_DAYS_MOVED", {date(2026, 5, 12): True}, checks.moved_days_are_days, "W001"),
    ],
)
def test_the_check_names_the_setting_that_cannot_be(settings, name, value, check, id):
    setattr(settings, name, value)
    [message] = check(None)
    assert message.id == f"kelisim.register.{id}"
    assert name in message.msg


def test_the_check_is_content_with_what_can_be(settings):
    settings.WORKING_DAYS_MOVED = {date(2026, 5, 8): False, date(2026, 5, 16): True}
    assert [check(None) for check in (checks.regime_is_known, checks.moved_days_are_days)] == [[], []]

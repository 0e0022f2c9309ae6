"""Working days of Kazakhstan: its real holidays, and what the government moves."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabinet.register.working_days import is_working_day, nth_working_day_after, working_day_from

DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 1, 1),
        date(2026, 1, 2),
        date(2026, 1, 7),
        date(2026, 3, 9),  # 8 March is a Sunday
        date(2025, 3, 21),
        date(2026, 3, 23),
        date(2026, 3, 24),  # Nauryz, 21 to 23 March 2026, begins on a Saturday
        date(2026, 3, 25),
        date(2026, 5, 1),
        date(2026, 5, 7),
        date(2025, 5, 9),
        date(2026, 5, 11),  # 9 May is a Saturday
        date(2026, 7, 6),
        date(2026, 10, 26),  # 25 October is a Sunday
        date(2026, 12, 16),
        date(2026, 6, 6),  # a plain Saturday
    ],
)
def test_nobody_works_on_a_holiday(day):
    assert not is_working_day(day)


@pytest.mark.parametrize("day", [date(2026, 3, 20), date(2026, 3, 26), date(2026, 5, 8), date(2026, 5, 12)])
def test_between_holidays_people_work(day):
    assert is_working_day(day)


def test_the_government_moves_days(settings):
    settings.WORKING_DAYS_MOVED = {date(2026, 5, 8): False, date(2026, 5, 16): True}
    assert not is_working_day(date(2026, 5, 8))
    assert is_working_day(date(2026, 5, 16))
    assert nth_working_day_after(date(2026, 5, 6), 1) == date(2026, 5, 12)
    assert nth_working_day_after(date(2026, 5, 15), 1) == date(2026, 5, 16)


@given(DAYS, st.integers(1, 30))
def test_the_nth_day_has_n_working_days_between(day, count):
    last = nth_working_day_after(day, count)
    days = [day + timedelta(days=number) for number in range(1, (last - day).days + 1)]
    assert sum(map(is_working_day, days)) == count
    assert is_working_day(last)


@given(DAYS)
def test_the_next_working_day_is_near_and_none_is_skipped(day):
    found = working_day_from(day)
    assert is_working_day(found)
    skipped = [day + timedelta(days=number) for number in range((found - day).days)]
    assert not any(map(is_working_day, skipped))

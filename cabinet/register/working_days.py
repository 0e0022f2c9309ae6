"""Which days are working days in Kazakhstan, with the transfers of days that the government decides each year."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache

import holidays
from django.conf import settings

DAY = timedelta(days=1)


@cache
def kazakhstan() -> holidays.HolidayBase:
    """Return Kazakhstan's holidays (Law 267-II on holidays; Labour Code, art. 84 and 85), as the package keeps them."""
    return holidays.country_holidays("KZ")


def is_working_day(day: date) -> bool:
    """Say whether the state works on a day; what WORKING_DAYS_MOVED says of it goes before the calendar."""
    moved: Mapping[date, bool] = settings.WORKING_DAYS_MOVED
    return moved[day] if day in moved else by_calendar(day)


def by_calendar(day: date) -> bool:
    """Say whether the calendar alone, Monday to Friday without holidays, makes it a working day."""
    return bool(kazakhstan().is_working_day(day))


def nth_working_day_after(day: date, count: int) -> date:
    """Return the working day that is the `count`-th after a day, which itself is not counted."""
    while count:
        day += DAY
        count -= is_working_day(day)
    return day


def working_day_from(day: date) -> date:
    """Return the day itself, or the next working day where it is none."""
    while not is_working_day(day):
        day += DAY
    return day

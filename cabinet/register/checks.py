"""What `manage.py check` says about the register: undeclared data, and settings of the law that cannot be."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.checks import CheckMessage, Error, Warning
from django.core.checks import register as runs_in_check

from cabinet.register.categories import register
from cabinet.register.declared import problems
from cabinet.register.regimes import REGIMES
from cabinet.register.working_days import by_calendar


@runs_in_check()
def everything_is_declared(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Compare the register with every model that can be reached from a customer (house.md, “the register”)."""
    return problems(register, get_user_model(), apps.get_models())


@runs_in_check()
def regime_is_known(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Refuse a regime that nobody wrote down."""
    if settings.REGIME in REGIMES:
        return []
    return [
        Error(
            f"REGIME is “{settings.REGIME}”, which is no regime of cabinet/register/regimes.py.",
            hint=f"Set REGIME to one of: {', '.join(REGIMES)}.",
            id="kelisim.register.E004",
        )
    ]


@runs_in_check()
def objection_period_can_be(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Refuse an objection period that is no number of days."""
    if isinstance(settings.OBJECTION_DAYS, int) and settings.OBJECTION_DAYS >= 0:
        return []
    hint = "Set OBJECTION_DAYS to a number of days, such as 14."
    return [Error("OBJECTION_DAYS is no number of days.", hint=hint, id="kelisim.register.E005")]


@runs_in_check()
def moved_days_are_days(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Refuse transfers that are no dates, and warn of one that moves nothing: most likely a wrong date."""
    moved = settings.WORKING_DAYS_MOVED
    wrong = not isinstance(moved, dict) or [day for day, on in moved.items() if not _is_marked_day(day, on)]
    if wrong:
        hint = "Set WORKING_DAYS_MOVED to days by commas: 2026-05-08:off,2026-05-16:on."
        return [Error(f"WORKING_DAYS_MOVED has wrong dates: {wrong}.", hint=hint, id="kelisim.register.E006")]
    return [
        Warning(
            f"WORKING_DAYS_MOVED says {day}:{'on' if on else 'off'}, which the calendar says already.",
            hint="Is it the right date? If it is, take it out: it changes nothing.",
            id="kelisim.register.W001",
        )
        for day, on in moved.items()
        if by_calendar(day) == on
    ]


def _is_marked_day(day: Any, on: Any) -> bool:
    return type(day) is date and isinstance(on, bool)

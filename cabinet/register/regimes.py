"""Regimes: what a law demands by when, each number with its source. Not legal advice; laws change.

Days are counted as the Civil Code of the RK tells (art. 172 to 175) and, to the same effect, Regulation (EEC, Euratom)
1182/71, art. 3: the day of the event is not counted, a term ends with its last day, and where that is no working day,
with the next working day. Hours are counted through.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from cabinet.register.categories import Text
from cabinet.register.working_days import nth_working_day_after, working_day_from


class Unit(models.TextChoices):
    """What a deadline is counted in."""

    WORKING_DAYS = "working_days", _("working days")
    DAYS = "days", _("days")
    HOURS = "hours", _("hours")
    MONTHS = "months", _("months")
    YEARS = "years", _("years")


class Event(models.TextChoices):
    """What a clock begins with (mission.md, “The law in numbers”)."""

    INFORMATION = "information", _("answer a request for information on one's data")
    CORRECT = "correct", _("correct data on documents")
    BLOCK = "block", _("block data")
    UNBLOCK = "unblock", _("unblock data")
    DESTROY = "destroy", _("destroy data collected or processed unlawfully")
    WITHDRAWAL = "withdrawal", _("stop processing after a withdrawal of consent, or refuse with reasons")
    AUTOMATED = "automated", _("answer an objection to automated processing")
    TRANSFER = "transfer", _("tell the person of a transfer to a third party, where that is agreed")
    BREACH = "breach", _("tell the regulator of a breach, from its detection")
    CLAIM = "claim", _("answer a consumer's claim")
    OBJECTIONS = "objections", _("take objections to an order, from its delivery")
    TAX = "tax", _("keep documents of an order, from the end of its tax period")


@dataclass(frozen=True)
class Deadline:
    """How long something may take, and who says so."""

    amount: int
    unit: Unit
    source: str

    def due(self, since: datetime) -> datetime:
        """Return the last moment in time, in the shop's zone; raise ValueError where `since` has no zone."""
        zone = timezone.get_default_timezone()  # whatever zone a colleague reads in
        begun = timezone.localtime(since, zone)
        if self.unit is Unit.HOURS:  # from UTC, for a change of zone makes a day longer and no hour
            return timezone.localtime(begun.astimezone(UTC) + timedelta(hours=self.amount), zone)
        return datetime.combine(self._last_day(begun.date()), time.max, begun.tzinfo)

    def __str__(self) -> str:
        words = {
            Unit.WORKING_DAYS: ngettext("%(count)d working day", "%(count)d working days", self.amount),
            Unit.DAYS: ngettext("%(count)d day", "%(count)d days", self.amount),
            Unit.HOURS: ngettext("%(count)d hour", "%(count)d hours", self.amount),
            Unit.MONTHS: ngettext("%(count)d month", "%(count)d months", self.amount),
            Unit.YEARS: ngettext("%(count)d year", "%(count)d years", self.amount),
        }
        return words[self.unit] % {"count": self.amount}

    def _last_day(self, begun: date) -> date:
        if self.unit is Unit.WORKING_DAYS:
            return nth_working_day_after(begun, self.amount)
        if self.unit is Unit.DAYS:
            return working_day_from(begun + timedelta(days=self.amount))
        return working_day_from(months_later(begun, self.amount * (12 if self.unit is Unit.YEARS else 1)))


def months_later(day: date, count: int) -> date:
    """Return the same date so many months later, or the last day of a month that lacks it (Civil Code, art. 173)."""
    years, month = divmod(day.month - 1 + count, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


@dataclass(frozen=True)
class Regime:
    """A law's deadlines by event."""

    title: Text
    limits: Mapping[Event, Deadline]

    def deadline(self, event: Event) -> Deadline:
        """Return what the law says; the objection period is the shop's own (OBJECTION_DAYS)."""
        if event is Event.OBJECTIONS:
            return Deadline(settings.OBJECTION_DAYS, Unit.DAYS, "contract, OBJECTION_DAYS; policy 6.3")
        return self.limits[event]


SAME_DAY_LAW = "Law of the RK 94-V, art. 25(2)(8)"
KAZAKHSTAN = {
    Event.INFORMATION: Deadline(3, Unit.WORKING_DAYS, "Rules 395/НҚ, p. 16 (secondary)"),
    Event.CORRECT: Deadline(1, Unit.WORKING_DAYS, SAME_DAY_LAW),
    Event.BLOCK: Deadline(1, Unit.WORKING_DAYS, SAME_DAY_LAW),
    Event.UNBLOCK: Deadline(1, Unit.WORKING_DAYS, SAME_DAY_LAW),
    Event.DESTROY: Deadline(1, Unit.WORKING_DAYS, SAME_DAY_LAW),
    Event.WITHDRAWAL: Deadline(15, Unit.WORKING_DAYS, "Law of the RK 94-V, art. 8(7)"),
    Event.AUTOMATED: Deadline(3, Unit.WORKING_DAYS, "Law of the RK 94-V, art. 19-1(3)"),
    Event.TRANSFER: Deadline(10, Unit.WORKING_DAYS, "Law of the RK 94-V, art. 19(1)"),
    Event.BREACH: Deadline(1, Unit.WORKING_DAYS, SAME_DAY_LAW),
    Event.CLAIM: Deadline(10, Unit.DAYS, "Law of the RK 274-IV, art. 42-4 (secondary)"),
    Event.TAX: Deadline(
        5, Unit.YEARS, "Tax Code of the RK, art. 193(3); Accounting Law of the RK, art. 11 (secondary)"
    ),
}
GDPR_MONTH = "GDPR, art. 12(3)"
GDPR = {
    **KAZAKHSTAN,  # claims and tax are no matter of data protection
    Event.INFORMATION: Deadline(1, Unit.MONTHS, f"{GDPR_MONTH} and 15"),
    Event.CORRECT: Deadline(1, Unit.MONTHS, f"{GDPR_MONTH} and 16"),
    Event.BLOCK: Deadline(1, Unit.MONTHS, f"{GDPR_MONTH} and 18"),
    Event.UNBLOCK: Deadline(1, Unit.MONTHS, f"{GDPR_MONTH} and 18(3)"),
    Event.DESTROY: Deadline(1, Unit.MONTHS, f"{GDPR_MONTH} and 17(1)(d)"),
    Event.WITHDRAWAL: Deadline(1, Unit.MONTHS, f"{GDPR_MONTH} and 17(1)(b)"),
    Event.AUTOMATED: Deadline(1, Unit.MONTHS, f"{GDPR_MONTH}, 21 and 22(3)"),
    Event.TRANSFER: Deadline(1, Unit.MONTHS, "GDPR, art. 14(3)"),
    Event.BREACH: Deadline(72, Unit.HOURS, "GDPR, art. 33(1)"),
}
REGIMES = {
    "rk": Regime(_("Republic of Kazakhstan"), KAZAKHSTAN),
    "gdpr": Regime(_("European Union (GDPR)"), GDPR),
}


def regime() -> Regime:
    """Return the shop's regime (REGIME)."""
    return REGIMES[settings.REGIME]


def due(event: Event, since: datetime) -> datetime:
    """Return until when something is due that began at a moment, by the shop's regime and in its zone."""
    return regime().deadline(event).due(since)

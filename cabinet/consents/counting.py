"""How many visitors allowed and refused each group of cookies, day by day in the shop's zone; two queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import BooleanField, Count, F, Func, Q, QuerySet, Value
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import get_language

from cabinet.consents.models import CookieReceipt
from cms_pages.cookies import is_asked
from cms_pages.drafting import midnight, shop_day
from cms_pages.models import BannerEdition

EARLIEST = date(2000, 1, 1)  # nothing was asked before; a typed year must not overflow the calendar
USUAL = 30  # days a report shows when nobody asks for others
DAY = timedelta(days=1)


class Said(Func):
    """What a receipt says about one group: allowed, refused, or nothing. A group's name is data, never a lookup."""

    output_field = BooleanField()

    def __init__(self, varname: str) -> None:
        """Take the group's varname."""
        super().__init__(F("choices"), Value(varname))

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """Ask for a path of one quoted step."""
        words = {"template": "JSON_EXTRACT(%(expressions)s || '\"')", "arg_joiner": ", '$.\"' || "}
        return self.as_sql(compiler, connection, **words, **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """Ask for the key's text, which is true or false."""
        words = {"template": "(%(expressions)s)::boolean", "arg_joiner": " ->> "}
        return self.as_sql(compiler, connection, **words, **extra)


@dataclass(frozen=True)
class Period:
    """Days of the shop, first and last included."""

    first: date
    last: date

    @classmethod
    def of(cls, first: date | None, last: date | None) -> Period:
        """Return the days asked for; without a first one, USUAL days up to the last; without a last one, today."""
        until = max(min(last or shop_day(), shop_day()), EARLIEST)
        since = max(first or until - DAY * (USUAL - 1), EARLIEST)
        return cls(min(since, until), until)

    @property
    def days(self) -> int:
        """Return how many days these are."""
        return (self.last - self.first).days + 1

    def of_receipts(self, receipts: QuerySet[CookieReceipt]) -> QuerySet[CookieReceipt]:
        """Return those that were made in these days."""
        return receipts.filter(made_at__gte=midnight(self.first), made_at__lt=midnight(self.last + DAY))


@dataclass(frozen=True)
class Answers:
    """How many allowed and refused a group; on one day, or on all days of a period (`day` is None)."""

    varname: str
    name: str
    allowed: int
    refused: int
    day: date | None = None

    @property
    def total(self) -> int:
        """Return the answers of both kinds."""
        return self.allowed + self.refused

    @property
    def share(self) -> float:
        """Return the part that allowed, from 0 to 1."""
        return round(self.allowed / self.total, 4) if self.total else 0.0


def asked_groups() -> dict[str, str]:
    """Return the name of every group that visitors were ever asked about by its varname, as it was called last."""
    language = get_language() or settings.LANGUAGE_CODE
    editions = BannerEdition.objects.filter(language=language).order_by("number")
    asked = [group for groups in editions.values_list("content__groups", flat=True) for group in groups]
    return {group["varname"]: group["name"] for group in asked if is_asked(group)}


def answers_by_day(period: Period) -> list[Answers]:
    """Return the answers of each day and group that has any, the newest day first."""
    groups = list(asked_groups().items())
    counts = {
        f"{word}{index}": Count("pk", filter=said)
        for index, (varname, _name) in enumerate(groups)
        for word, said in (("allowed", Q(Said(varname))), ("refused", ~Q(Said(varname))))
    }
    day = TruncDate("made_at", tzinfo=timezone.get_default_timezone())
    receipts = period.of_receipts(CookieReceipt.objects.order_by())
    days: Any = receipts.values(day=day).annotate(**counts).order_by("-day")
    made = [
        Answers(varname, name, found[f"allowed{index}"], found[f"refused{index}"], found["day"])
        for found in days
        for index, (varname, name) in enumerate(groups)
    ]
    return [each for each in made if each.total]


def in_all(days: list[Answers]) -> list[Answers]:
    """Return for each group the answers of all these days."""
    names = {each.varname: each.name for each in days}
    own = {varname: [each for each in days if each.varname == varname] for varname in names}
    return [
        Answers(varname, name, sum(one.allowed for one in own[varname]), sum(one.refused for one in own[varname]))
        for varname, name in names.items()
    ]

"""The list of a customer's orders: what is asked for, and what each row shows; as quick with many as with few."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cabinet.orders.addresses import address_of, with_namesakes
from cabinet.orders.models import Line, Status
from cabinet.orders.money import tenge

OPEN = "open"
RECENT = {"30": timedelta(days=30), "180": timedelta(days=180)}
MOST_YEARS = 12  # in the choice of a period


class FilterForm(forms.Form):
    """By status and period; what is none of the choices filters nothing."""

    status = forms.ChoiceField(label=gettext_lazy("Status"), required=False)
    period = forms.ChoiceField(label=gettext_lazy("Period"), required=False)

    def __init__(self, asked: QueryDict, own: QuerySet[Any]) -> None:
        super().__init__(asked, auto_id="filter_%s")
        self.fields["status"].choices = [("", _("all")), (OPEN, _("being carried out")), *Status.choices]  # type: ignore[attr-defined]
        recent = [("30", _("the last 30 days")), ("180", _("the last six months"))]
        self.fields["period"].choices = [("", _("any time")), *recent, *_years(own)]  # type: ignore[attr-defined]
        self.is_valid()

    @property
    def status_asked(self) -> str:
        """Return the status to show; empty for all."""
        return str(self.cleaned_data.get("status", ""))

    @property
    def period_asked(self) -> str:
        """Return the period to show; empty for any time."""
        return str(self.cleaned_data.get("period", ""))

    @property
    def is_asked(self) -> bool:
        """Say whether anything is filtered."""
        return bool(self.status_asked or self.period_asked)

    def chosen(self, orders: QuerySet[Any]) -> QuerySet[Any]:
        """Return the orders that were asked for."""
        if self.status_asked == OPEN:
            orders = orders.filter(ended_at=None)
        elif self.status_asked:
            orders = orders.filter(status=self.status_asked)
        if self.period_asked in RECENT:
            return orders.filter(placed_at__gte=timezone.now() - RECENT[self.period_asked])
        if self.period_asked:
            year = int(self.period_asked)
            return orders.filter(placed_at__gte=_new_year(year), placed_at__lt=_new_year(year + 1))
        return orders


def _years(own: QuerySet[Any]) -> list[tuple[str, str]]:
    first = own.order_by("placed_at", "pk").values_list("placed_at", flat=True).first()
    last = timezone.localdate().year
    begun = timezone.localtime(first).year if first else last
    return [(str(year), str(year)) for year in range(last, max(begun, last - MOST_YEARS) - 1, -1)]


def _new_year(year: int) -> datetime:
    return datetime(year, 1, 1, tzinfo=timezone.get_current_timezone())


def with_goods(orders: QuerySet[Any]) -> QuerySet[Any]:
    """Add the name of each order's first line and how many lines there are."""
    lines = Line.objects.filter(order=OuterRef("pk")).order_by()
    counted = lines.values("order").annotate(count=Count("pk")).values("count")
    first = Line.objects.filter(order=OuterRef("pk")).order_by("position").values("name")
    return orders.annotate(first_line=Subquery(first[:1]), lines_count=Coalesce(Subquery(counted), 0))


@dataclass(frozen=True)
class Row:
    """One order of the list."""

    order: Any

    @cached_property
    def url(self) -> str:
        """Return where the order is shown."""
        return address_of(self.order)

    @property
    def total(self) -> str:
        """Return what it cost."""
        return tenge(self.order.total)

    @property
    def others(self) -> int:
        """Return how many things are in it besides the first."""
        return max(self.order.lines_count - 1, 0)


def shown(orders: QuerySet[Any]) -> QuerySet[Any]:
    """Return the orders with all that a row of the list shows."""
    return with_goods(with_namesakes(orders))

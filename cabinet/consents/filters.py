"""By what staff narrow down receipts and their numbers; days are the shop's."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet

from cabinet.consents.counting import Period, Said, asked_groups
from cabinet.consents.models import CookieReceipt


def group_choices() -> list[tuple[str, str]]:
    """Return the groups that visitors were ever asked about."""
    return list(asked_groups().items())


class DaysFilter(WagtailFilterSet):
    """Receipts of some days."""

    day = django_filters.DateFromToRangeFilter(label=_("Day"), widget=DateRangePickerWidget, method="on_days")

    class Meta:
        model = CookieReceipt
        fields: list[str] = []

    def on_days(self, receipts: QuerySet[CookieReceipt], name: str, value: slice) -> QuerySet[CookieReceipt]:
        """Return those made on the days asked for."""
        return days_of(value).of_receipts(receipts)

    @property
    def period(self) -> Period:
        """Return the days asked for, the usual ones where nothing sensible was asked."""
        return days_of(self.form.cleaned_data.get("day") if self.is_valid() else None)


def days_of(value: slice | None) -> Period:
    """Return the period of a filter's two dates, each of which may be missing."""
    # The form makes moments of them in the reader's zone; the day that was typed is what is meant.
    start, stop = (value.start, value.stop) if value else (None, None)
    return Period.of(start and start.date(), stop and stop.date())


class ReceiptFilter(DaysFilter):
    """Receipts of some days, of one method or language, or that allow or refuse a group."""

    allowed = django_filters.ChoiceFilter(label=_("Allowed"), choices=group_choices, method="saying")
    refused = django_filters.ChoiceFilter(label=_("Refused"), choices=group_choices, method="saying")

    class Meta:
        model = CookieReceipt
        fields = ["method", "language"]

    def saying(self, receipts: QuerySet[CookieReceipt], name: str, varname: Any) -> QuerySet[CookieReceipt]:
        """Return those that say so about the group."""
        return receipts.filter(Q(Said(varname)) if name == "allowed" else ~Q(Said(varname)))

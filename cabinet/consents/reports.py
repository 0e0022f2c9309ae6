"""The report of cookie choices: numbers by day and group, never whose they are."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.reports import ReportView
from wagtail.permission_policies import ModelPermissionPolicy

from cabinet.consents.charts import chart
from cabinet.consents.counting import Answers, Period, answers_by_day, in_all
from cabinet.consents.filters import DaysFilter
from cabinet.consents.models import CookieReceipt
from cabinet.consents.staff import may_list


class Fact(Column):
    """A cell that says its own heading where a phone shows each row as a card."""

    cell_template_name = "consents/admin/fact_cell.html"

    def __init__(self, name: str, label: Any, **kwargs: Any) -> None:
        """Mark the cell for static/css/admin-choices.css."""
        super().__init__(name, label=label, classname="choice-fact", **kwargs)


class LinkedNumber(Fact):
    """A number that leads to the receipts behind it, for those who may see them."""

    def get_cell_context_data(self, instance: Answers, parent_context: Any) -> dict[str, Any]:
        """Add where the number leads."""
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        is_link = self.get_value(instance) and may_list(parent_context["request"].user)
        return {**context, "url": receipts_url(self.name, instance) if is_link else ""}


def receipts_url(word: str, answers: Answers, period: Period | None = None) -> str:
    """Return the list of the receipts that are counted under a word, `allowed` or `refused`."""
    first, last = (period.first, period.last) if period else (answers.day, answers.day)
    return f"{reverse('receipts:index')}?{urlencode({word: answers.varname, 'day_from': first, 'day_to': last})}"


class CookieChoicesReport(ReportView):
    """Choices by day and group, allowed, refused, and the share of those who allowed."""

    page_title = _("Cookie choices")
    header_icon = "tick-inverse"
    index_url_name = "cookie_choices"
    index_results_url_name = "cookie_choices_results"
    template_name = "consents/admin/choices.html"
    results_template_name = "consents/admin/choices_results.html"
    model = CookieReceipt
    permission_policy = ModelPermissionPolicy(CookieReceipt)  # the list's own policy asks for more
    permission_required = "view"
    filterset_class = DaysFilter
    export_filename = "cookie-choices"
    list_export = ["day", "varname", "name", "allowed", "refused", "share"]
    export_headings: dict[str, Any] = {
        "day": _("Day"),
        "varname": _("Name for machines"),
        "name": _("Group"),
        "allowed": _("Allowed"),
        "refused": _("Refused"),
        "share": _("Share that allowed"),
    }
    columns = [
        Fact("day", _("Day"), accessor=lambda row: date_format(row.day, "SHORT_DATE_FORMAT")),
        Fact("name", _("Group")),
        LinkedNumber("allowed", _("Allowed")),
        LinkedNumber("refused", _("Refused")),
        Fact("share", _("Share that allowed"), accessor=lambda row: percent(row)),
    ]

    def get_filtered_queryset(self) -> list[Answers]:
        """Return the counted rows; the days are chosen before counting."""
        return answers_by_day(self.filters.period)

    def get_queryset(self) -> QuerySet[CookieReceipt]:
        """Promise Wagtail nothing: the rows are counted, not fetched."""
        return CookieReceipt.objects.none()

    def as_spreadsheet(self, rows: Any, form: str) -> Any:
        """Word the headings now: a file is written when the reader's language is no longer active."""
        self.export_headings = {name: str(words) for name, words in self.export_headings.items()}
        return super().as_spreadsheet(rows, form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add a chart and the sums of each group."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        if not self.is_export:
            context |= {"period": self.filters.period, "charts": self._charts(self.filters.period)}
        return context

    def _charts(self, period: Period) -> list[dict[str, Any]]:
        listed = may_list(self.request.user)
        return [
            {
                "chart": chart(sums, [row for row in self.object_list if row.varname == sums.varname], period),
                "percent": percent(sums),
                "urls": {word: receipts_url(word, sums, period) if listed else "" for word in ("allowed", "refused")},
            }
            for sums in in_all(self.object_list)
        ]


def percent(answers: Answers) -> str:
    """Return the share that allowed as people read it."""
    return f"{round(100 * answers.share)}\N{NO-BREAK SPACE}%"

"""The log of events as privacy officers read it: what happened and when, under pseudonyms; never what was in it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import get_default_timezone, localtime, make_aware
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import InspectView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permissions import register_permission_policy

from cabinet.audit.models import Event
from cabinet.looking import LookOnlyPolicy

FACT = "edition-fact event-fact"
TIME = capfirst(pgettext_lazy("event", "time"))
DAY = timedelta(days=1)
CALENDAR = date(2000, 1, 1), date(2999, 12, 31)  # a year that was typed must not overflow in another zone


class EventFilter(WagtailFilterSet):
    """Events of some days, of one person, or by somebody."""

    day = django_filters.DateFromToRangeFilter(label=_("Day"), widget=DateRangePickerWidget, method="on_days")
    subject = django_filters.UUIDFilter(label=_("About whom"), method="about")
    actor = django_filters.CharFilter(label=_("By whom"), lookup_expr="exact")

    class Meta:
        model = Event
        fields: list[str] = []

    def on_days(self, events: QuerySet[Event], name: str, value: slice) -> QuerySet[Event]:
        """Return those of the shop's days, whatever zone the reader has chosen; the last day is included."""
        if value.start:
            events = events.filter(at__gte=midnight(value.start))
        if value.stop:
            events = events.filter(at__lt=midnight(value.stop, DAY))
        return events

    def about(self, events: QuerySet[Event], name: str, value: Any) -> QuerySet[Event]:
        """Return those about the person of this pseudonym."""
        return events.filter(subject=str(value))


def midnight(typed: datetime, later: timedelta = timedelta()) -> datetime:
    """Return when the day that was typed begins in the shop's zone; one far off counts as the nearest in CALENDAR."""
    day = min(max(typed.date(), CALENDAR[0]), CALENDAR[1]) + later
    return make_aware(datetime.combine(day, time()), get_default_timezone())


def happened(event: Event) -> str:
    """Return when it happened, by the shop's clock."""
    return date_format(localtime(event.at, get_default_timezone()), "SHORT_DATETIME_FORMAT")


class EventInspectView(InspectView):
    """One event with its hashes, as an auditor compares them."""

    def get_field_display_value(self, field_name: str, field: Any) -> Any:
        """Return the shop's time to the second, and a dash for what this event does not have."""
        value = getattr(self.object, field_name)
        if isinstance(value, datetime):
            return date_format(localtime(value, get_default_timezone()), "j E Y, H:i:s")
        return "—" if value == "" else str(value)


class EventViewSet(ModelViewSet):
    """Wagtail's own list and inspection of events."""

    model = Event
    name = "events"
    url_prefix = "reports/events"
    icon = "history"
    menu_label = _("Events")
    menu_hook = "register_reports_menu_item"
    menu_order = 70
    inspect_view_class = EventInspectView
    inspect_view_enabled = True
    copy_view_enabled = False
    filterset_class = EventFilter
    # On a phone each event is a card of its name and these facts (static/css/admin.css).
    list_display = [
        "name",
        Column("sequence", label=capfirst(_("number")), sort_key="sequence", classname=f"{FACT} edition-number"),
        Column("at", label=TIME, accessor=happened, sort_key="at", classname=FACT),
        Column("actor", label=_("By whom"), accessor=lambda event: event.actor or "—", classname=FACT),
        Column("subject", label=_("About whom"), accessor=lambda event: event.subject or "—", classname=FACT),
    ]
    search_fields = ["name"]
    search_backend_name = None
    ordering = ["-sequence"]
    inspect_view_fields = ["sequence", "at", "name", "actor", "subject", "commitment", "previous", "hash"]
    form_fields: list[str] = []


register_permission_policy(Event, LookOnlyPolicy(Event))
event_viewset = EventViewSet()

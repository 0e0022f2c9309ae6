"""Editions as staff read them: a list to filter and export, each edition whole; nothing to change."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.template.defaultfilters import linebreaks_filter
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import get_default_timezone, localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.ui.tables import BooleanColumn, Column, NumberColumn
from wagtail.admin.views.generic import IndexView, InspectView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permissions import register_permission_policy

from cabinet.customers.models import User
from cabinet.looking import LookOnlyPolicy
from cms_pages.models import Edition


class EditionIndexView(IndexView):
    """All sealed editions."""

    def get_base_queryset(self) -> QuerySet[Edition]:
        """Leave the long texts in the database."""
        return Edition.objects.select_related("author", "approver").without_texts()


class EditionInspectView(InspectView):
    """One edition, as people read it."""

    def get_field_display_value(self, field_name: str, field: Any) -> Any:
        """Return yes and no as words, people's names, the shop's time, texts in lines; the rest as Wagtail does."""
        value = getattr(self.object, field_name)
        if isinstance(value, bool):
            return _("Yes") if value else _("No")
        if isinstance(value, User):
            return value.get_full_name() or value
        if isinstance(value, datetime):
            # An edition begins at the shop's midnight, whatever zone a colleague has chosen for the admin.
            return date_format(localtime(value, get_default_timezone()), "DATETIME_FORMAT")
        if field_name in {"canonical_text", "summary"}:
            return linebreaks_filter(value)
        return super().get_field_display_value(field_name, field)


class EditionViewSet(ModelViewSet):
    """Wagtail's own list and inspection of sealed editions."""

    model = Edition
    icon = "history"
    menu_label = _("Editions")
    index_view_class = EditionIndexView
    inspect_view_enabled = True
    copy_view_enabled = False
    inspect_view_class = EditionInspectView
    # On a phone each edition is a card of its title, language, number and date (static/css/admin.css).
    list_display = [
        "title",
        Column("language", label=capfirst(_("language")), accessor="get_language_display", classname="edition-fact"),
        NumberColumn("number", label=capfirst(_("number")), sort_key="number", classname="edition-fact edition-number"),
        Column(
            "in_force_from",
            label=_("In force from"),
            accessor="day_in_force",
            sort_key="in_force_from",
            classname="edition-fact",
        ),
        Column("published_at", label=capfirst(_("published")), accessor="day_published", sort_key="published_at"),
        BooleanColumn("material", label=pgettext_lazy("change", "Material")),
        Column("author", label=capfirst(_("author")), accessor="author.get_full_name"),
        Column("approver", label=capfirst(_("approver")), accessor="approver.get_full_name"),
    ]
    list_filter = ["language", "material", "withdrawn", "in_force_from"]
    list_export = [
        "title",
        "language",
        "number",
        "in_force_from",
        "published_at",
        "material",
        "author",
        "approver",
        "summary",
        "sha256",
    ]
    search_fields = ["title", "summary", "sha256"]
    search_backend_name = None
    ordering = ["-published_at", "-pk"]
    # What was decided about the text comes before the text, which may be long.
    inspect_view_fields = [
        "title",
        "language",
        "number",
        "in_force_from",
        "published_at",
        "author",
        "approver",
        "summary",
        "material",
        "only_this_language",
        "withdrawn",
        "sha256",
        "canonical_text",
    ]
    form_fields: list[str] = []


register_permission_policy(Edition, LookOnlyPolicy(Edition))
edition_viewset = EditionViewSet("editions")

"""Editions as staff read them: a list to filter and export, each edition whole; nothing to change."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.template.defaultfilters import linebreaks_filter
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BooleanColumn, Column, NumberColumn
from wagtail.admin.views.generic import IndexView, InspectView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from cms_pages.models import Edition


class ReadOnlyPolicy(ModelPermissionPolicy):
    """Whoever may view may view; nobody may do anything else, an administrator included."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Allow looking only."""
        return action == "view" and super().user_has_permission(user, action)

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        """Allow looking only."""
        return "view" in actions and self.user_has_permission(user, "view")


class EditionIndexView(IndexView):
    """All sealed editions."""

    def get_base_queryset(self) -> QuerySet[Edition]:
        """Leave the long texts in the database."""
        return Edition.objects.select_related("author", "approver").without_texts()


class EditionInspectView(InspectView):
    """One edition, as people read it."""

    def get_field_display_value(self, field_name: str, field: Any) -> Any:
        """Return yes and no as words, the text with its lines, anything else as Wagtail shows it."""
        value = getattr(self.object, field_name)
        if isinstance(value, bool):
            return _("Yes") if value else _("No")
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
    list_display = [
        "title",
        Column("language", label=_("language"), accessor="get_language_display"),
        NumberColumn("number", label=_("number"), sort_key="number"),
        Column("in_force_from", label=_("in force from"), accessor="day_in_force", sort_key="in_force_from"),
        Column("published_at", label=_("published"), accessor="day_published", sort_key="published_at"),
        BooleanColumn("material", label=_("material change")),
        Column("author", label=_("author"), accessor="author.get_full_name"),
        Column("approver", label=_("approver"), accessor="approver.get_full_name"),
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
    inspect_view_fields_exclude = ["id", "revision", "page", "html", "outline", "level"]
    form_fields: list[str] = []


register_permission_policy(Edition, ReadOnlyPolicy(Edition))
edition_viewset = EditionViewSet("editions")

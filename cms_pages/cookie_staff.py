"""The words of the banner and what was sealed, in Wagtail's admin; with the groups, the menu “Cookies”."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.defaultfilters import linebreaks_filter
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import get_default_timezone, localtime
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy
from wagtail.snippets.views import snippets

from cabinet.looking import LookOnlyPolicy
from cms_pages.cookie_forms import SealingForm
from cms_pages.cookie_group_staff import CookieGroupViewSet
from cms_pages.cookie_news import TellsOutcome
from cms_pages.models import BannerEdition, CookieBanner
from cms_pages.panels import in_languages
from cms_pages.staff import EditionInspectView

# The words of the banner ---------------------------------------------------------------------------------------------


class OneRowPolicy(ModelPermissionPolicy):
    """There is one row: none is added beside it, and it is never deleted."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Allow adding only while there is no row, deleting never."""
        if action == "delete" or (action == "add" and self.model.objects.exists()):
            return False
        return bool(super().user_has_permission(user, action))

    def user_has_any_permission(self, user: Any, actions: Iterable[str]) -> bool:
        """Allow what one of them allows."""
        return any(self.user_has_permission(user, action) for action in actions)


class BannerIndexView(snippets.IndexView):
    """Leads straight to the one row, to change it or to add it."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the list only to those who may do neither."""
        banner = CookieBanner.objects.first()
        if banner and self.user_has_permission("change"):
            return redirect(self.edit_url_name, banner.pk)
        if not banner and self.user_has_permission("add"):
            return redirect(self.add_url_name)
        return super().get(request, *args, **kwargs)


class BannerCreateView(TellsOutcome, snippets.CreateView):
    """The first words."""


class BannerEditView(TellsOutcome, snippets.EditView):
    """The words, with their preview."""


class CookieBannerViewSet(snippets.SnippetViewSet):
    """The banner's heading and text in each language."""

    model = CookieBanner
    url_namespace = "cookie_banner"
    url_prefix = "cookies/banner"
    icon = "pilcrow"
    menu_label = _("Words of the banner")
    edit_handler = ObjectList(in_languages("heading", "text"), base_form_class=SealingForm)
    index_view_class = BannerIndexView
    add_view_class = BannerCreateView
    edit_view_class = BannerEditView
    inspect_view_enabled = True
    copy_view_enabled = False

    def register_chooser_viewset(self) -> None:
        """Offer no choosing: there is one, and nothing refers to it."""


# What was sealed ------------------------------------------------------------------------------------------------------


def sealed(edition: BannerEdition) -> str:
    """Return when it was sealed, by the shop's clock."""
    return date_format(localtime(edition.sealed_at, get_default_timezone()), "SHORT_DATETIME_FORMAT")


class BannerEditionIndexView(IndexView):
    """All editions of the banner."""

    def get_base_queryset(self) -> QuerySet[BannerEdition]:
        """Leave the long texts in the database."""
        return BannerEdition.objects.select_related("author").defer("content", "text")


class BannerEditionInspectView(EditionInspectView):
    """One edition, as visitors were asked."""

    def get_text_display_value(self) -> str:
        """Return the text with its lines."""
        return linebreaks_filter(self.object.text)


class BannerEditionViewSet(ModelViewSet):
    """Wagtail's own list and inspection of what visitors were asked."""

    model = BannerEdition
    name = "banner_editions"
    url_prefix = "cookies/editions"
    icon = "history"
    menu_label = _("Editions of the banner")
    index_view_class = BannerEditionIndexView
    inspect_view_class = BannerEditionInspectView
    inspect_view_enabled = True
    copy_view_enabled = False
    list_display = [
        "number",
        Column("language", label=capfirst(_("language")), accessor="get_language_display", classname="edition-fact"),
        Column(
            "sealed_at", label=capfirst(_("sealed")), accessor=sealed, sort_key="sealed_at", classname="edition-fact"
        ),
        Column("author", label=capfirst(_("author")), accessor="author.get_full_name"),
    ]
    list_filter = ["language"]
    list_export = ["number", "language", "sealed_at", "author", "text", "sha256"]
    ordering = ["-number", "language"]
    inspect_view_fields = ["number", "language", "sealed_at", "author", "text", "sha256"]
    form_fields: list[str] = []


class CookieMenu(snippets.SnippetViewSetGroup):
    """The menu group “Cookies”."""

    menu_label = _("Cookies")
    menu_icon = "clipboard-list"
    menu_order = 300
    submenu_hook = "register_cookies_menu_item"  # receipts stand here too, for officers
    items = (CookieGroupViewSet, CookieBannerViewSet, BannerEditionViewSet)


register_permission_policy(CookieBanner, OneRowPolicy(CookieBanner))
register_permission_policy(BannerEdition, LookOnlyPolicy(BannerEdition))
cookie_menu = CookieMenu()

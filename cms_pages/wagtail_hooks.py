"""What documents add to Wagtail's admin: refusals with a reason, messages, the home panel, the list of editions."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.staticfiles import versioned_static
from wagtail.admin.viewsets.base import ViewSet, ViewSetGroup
from wagtail.models import Page

from cms_pages.cookie_staff import cookie_menu
from cms_pages.document_staff import document_viewset
from cms_pages.embeds import WaitingEmbed
from cms_pages.guards import why_it_stays
from cms_pages.models import LegalDocumentPage
from cms_pages.models.document import RESERVED_SLUGS
from cms_pages.panels import DocumentsPanel
from cms_pages.readiness import blockers
from cms_pages.staff import edition_viewset


def _stays(request: HttpRequest, page: Page, *args: Any) -> HttpResponse | None:
    reason = why_it_stays(page)
    if not reason:
        return None
    messages.error(request, reason)
    return redirect("wagtailadmin_explore", page.get_parent().pk)


@hooks.register("before_delete_page")
def keep_from_deletion(request: HttpRequest, page: Page) -> HttpResponse | None:
    return _stays(request, page)


@hooks.register("before_unpublish_page")
def keep_from_unpublishing(request: HttpRequest, page: Page) -> HttpResponse | None:
    return _stays(request, page)


@hooks.register("before_move_page")
def keep_from_moving(request: HttpRequest, page: Page, destination: Page) -> HttpResponse | None:
    return _stays(request, page)


@hooks.register("before_copy_page")
def keep_from_taken_addresses(request: HttpRequest, page: Page) -> HttpResponse | None:
    slug = request.POST.get("new_slug", "")
    if slug not in RESERVED_SLUGS or not issubclass(page.specific_class or Page, LegalDocumentPage):
        return None
    messages.error(request, _("This address belongs to another part of the site."))
    return redirect("wagtailadmin_pages:copy", page.pk)


@hooks.register("before_bulk_action")
def keep_from_bulk_actions(
    request: HttpRequest, action_type: str, objects: list[Any], action: Any
) -> HttpResponse | None:
    for page in objects:
        if not isinstance(page, Page):
            return None
        if action_type in {"delete", "unpublish", "move"} and (refusal := _stays(request, page)):
            return refusal
        if action_type == "publish" and (refusal := _not_ready(request, page.specific)):
            return refusal
    return None


def _not_ready(request: HttpRequest, page: Page) -> HttpResponse | None:
    draft = page.get_latest_revision_as_object()
    found = blockers(draft) if isinstance(draft, LegalDocumentPage) else {}
    if not found:
        return None
    reasons = " ".join(message for several in found.values() for message in several)
    messages.error(request, format_html("<b>{}</b>: {}", page.get_admin_display_title(), reasons))
    return redirect("wagtailadmin_explore", page.get_parent().pk)


@hooks.register("after_publish_page")
def tell_of_schedule(request: HttpRequest, page: Page) -> None:
    """Say that nothing is sealed yet; of what was sealed telling.py tells."""
    scheduled = page.scheduled_revision if isinstance(page, LegalDocumentPage) else None
    if scheduled and scheduled.pk == page.latest_revision_id:
        messages.info(request, _("Nothing is sealed yet: the edition will be sealed when its hour has come."))


@hooks.register("insert_global_admin_css")
def load_own_styles() -> str:
    return format_html('<link rel="stylesheet" href="{}">', versioned_static("css/admin.css"))


@hooks.register("register_rich_text_features", order=10)
def let_embeds_wait(features: Any) -> None:
    """Render embeds as placeholders, in place of Wagtail's frames that load at once."""
    features.register_embed_type(WaitingEmbed)


@hooks.register("construct_homepage_panels")
def add_documents_panel(request: HttpRequest, panels: list[Any]) -> None:
    panels.append(DocumentsPanel())


@hooks.register("construct_page_action_menu")
def offer_no_unpublishing_in_the_editor(menu_items: list[Any], request: HttpRequest, context: Any) -> None:
    """Leave out what would be refused anyway."""
    page = context.get("page")
    if page and page.pk and why_it_stays(page):
        menu_items[:] = [item for item in menu_items if item.name != "action-unpublish"]


@hooks.register("register_reports_menu_item")
def register_editions_menu_item() -> MenuItem:
    return EditionsMenuItem(_lazy("Editions"), reverse_lazy("editions:index"), icon_name="history", order=50)


class EditionsMenuItem(MenuItem):
    """Shown to those who may read editions."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Say whether this person may."""
        return request.user.has_perm("cms_pages.view_edition")


@hooks.register("register_admin_viewset")
def register_documents() -> ViewSet:
    return document_viewset


@hooks.register("register_admin_viewset")
def register_editions() -> ViewSet:
    return edition_viewset


@hooks.register("register_admin_viewset")
def register_cookies() -> ViewSetGroup:
    return cookie_menu

"""What consents add to Wagtail's admin: numbers among the reports, receipts and recipients for officers."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.viewsets.base import ViewSet

from cabinet.consents.checks import missing
from cabinet.consents.ledger_staff import consent_receipts, recipients
from cabinet.consents.reports import CookieChoicesReport
from cabinet.consents.staff import receipt_viewset


@hooks.register("register_admin_urls")
def register_report_urls() -> list[Any]:
    return [
        path("reports/cookie-choices/", CookieChoicesReport.as_view(), name="cookie_choices"),
        path(
            "reports/cookie-choices/results/",
            CookieChoicesReport.as_view(results_only=True),
            name="cookie_choices_results",
        ),
    ]


@hooks.register("register_reports_menu_item")
def register_report_menu_item() -> MenuItem:
    return ChoicesMenuItem(_("Cookie choices"), reverse_lazy("cookie_choices"), icon_name="tick-inverse", order=60)


class ChoicesMenuItem(MenuItem):
    """Shown to those who may count receipts."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Say whether this person may."""
        return request.user.has_perm("consents.view_cookiereceipt")


@hooks.register("register_admin_viewset")
def register_receipts() -> ViewSet:
    return receipt_viewset


@hooks.register("register_admin_viewset")
def register_consents() -> list[ViewSet]:
    return [consent_receipts, recipients]


class MissingForConsents(Component):
    """Tells those who can mend it that nobody can sign up, and why."""

    name = "missing_for_consents"
    order = 20
    template_name = "consents/admin/missing.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Return what is missing, by language."""
        names = dict(settings.LANGUAGES)
        return {"missing": [(names[code], found) for code, found in missing().items()]}


@hooks.register("construct_homepage_panels")
def tell_what_is_missing(request: HttpRequest, panels: list[Component]) -> None:
    if request.user.has_perm("cms_pages.change_operatorcard"):
        panels.append(MissingForConsents())

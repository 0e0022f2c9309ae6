"""What privacy adds to Wagtail's admin: what stands under lock, and a warning of erasures that are not complete."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.admin.viewsets.base import ViewSet

from cabinet.privacy.erasures import Erasure, State
from cabinet.privacy.restricted_staff import READ, restricted_viewset


@hooks.register("register_admin_viewset")
def register_restricted() -> ViewSet:
    return restricted_viewset


@hooks.register("register_permissions")
def register_permissions() -> QuerySet[Any]:
    return Permission.objects.filter(content_type__app_label="privacy", codename="read_restricted")


class IncompleteErasuresPanel(Component):
    """Erasures after which something was still found, and where; never of whom."""

    order = 15
    template_name = "privacy/admin/incomplete_panel.html"

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        """Return them, none for who may not know."""
        may_look = parent_context["request"].user.has_perm(READ)
        return {"erasures": Erasure.objects.filter(state=State.FAILED) if may_look else []}


@hooks.register("construct_homepage_panels")
def warn_of_incomplete_erasures(request: HttpRequest, panels: list[Any]) -> None:
    panels.append(IncompleteErasuresPanel())

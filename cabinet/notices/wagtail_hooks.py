"""What letters add to Wagtail's admin: their list, their kinds, and a warning while some are not deliverable."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.viewsets.base import ViewSet
from wagtail.log_actions import LogActionRegistry

from cabinet.notices.models import Letter, State
from cabinet.notices.staff import letter_viewset


@hooks.register("register_admin_viewset")
def register_letters() -> ViewSet:
    return letter_viewset


class PermittedItem(MenuItem):
    """Shown to those who have its permission."""

    def __init__(self, *args: Any, permission: str, **kwargs: Any) -> None:
        self.permission = permission
        super().__init__(*args, **kwargs)

    def is_shown(self, request: HttpRequest) -> bool:
        """Say whether this person may."""
        return request.user.has_perm(self.permission)


@hooks.register("register_reports_menu_item")
def register_letters_menu_item() -> MenuItem:
    url = reverse_lazy("letters:index")
    return PermittedItem(_("Letters"), url, icon_name="mail", order=70, permission="notices.view_letter")


@hooks.register("register_reports_menu_item")
def register_kinds_menu_item() -> MenuItem:
    url = reverse_lazy("letters:kinds")
    return PermittedItem(_("Kinds of letters"), url, icon_name="view", order=71, permission="notices.preview_letter")


@hooks.register("register_log_actions")
def name_decisions(actions: LogActionRegistry) -> None:
    actions.register_action("notices.letter.again", _("Send a letter again"), _("Sent a letter again"))
    actions.register_action("notices.letter.given_up", _("Give up a letter"), _("Gave up a letter"))


@hooks.register("register_permissions")
def register_permissions() -> QuerySet[Any]:
    from django.contrib.auth.models import Permission

    return Permission.objects.filter(content_type__app_label="notices")


class DeadLettersPanel(Component):
    """How many letters wait for somebody to decide about them."""

    order = 40
    template_name = "notices/admin/dead_letters_panel.html"

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        """Return their number, nought for who may not see letters."""
        may_look = parent_context["request"].user.has_perm("notices.view_letter")
        return {"count": Letter.objects.dead().count() if may_look else 0, "state": State.DEAD.value}


@hooks.register("construct_homepage_panels")
def warn_of_dead_letters(request: HttpRequest, panels: list[Any]) -> None:
    panels.append(DeadLettersPanel())

"""What the exchange adds to Wagtail's admin: its lists, its deeds by name, and a warning while an address is paused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.log_actions import LogActionRegistry

from cabinet.exchange.models import Delivery, Endpoint, State
from cabinet.exchange.staff import ExchangeGroup


@hooks.register("register_admin_viewset")
def register_exchange() -> ViewSetGroup:
    return ExchangeGroup()


@hooks.register("register_log_actions")
def name_deeds(actions: LogActionRegistry) -> None:
    actions.register_action("exchange.secret.rotated", _("Make a new secret"), _("Made a new secret"))
    actions.register_action("exchange.delivery.again", _("Send an event again"), _("Sent an event again"))
    actions.register_action(
        "exchange.endpoint.paused", _("Pause an address"), _("Paused the address: it did not take what was sent")
    )


@hooks.register("register_permissions")
def register_permissions() -> QuerySet[Any]:
    from django.contrib.auth.models import Permission

    return Permission.objects.filter(content_type__app_label="exchange")


class TroublePanel(Component):
    """How many events wait for somebody to decide about them, and how many addresses hear nothing any more."""

    order = 41
    template_name = "exchange/admin/trouble_panel.html"

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        """Return both numbers, nought for who may not see them."""
        user = parent_context["request"].user
        dead = Delivery.objects.dead().count() if user.has_perm("exchange.view_delivery") else 0
        paused = Endpoint.objects.exclude(paused_reason="") if user.has_perm("exchange.view_endpoint") else ()
        return {"dead": dead, "paused": [*paused], "state": State.DEAD.value}


@hooks.register("construct_homepage_panels")
def warn_of_trouble(request: HttpRequest, panels: list[Any]) -> None:
    panels.append(TroublePanel())

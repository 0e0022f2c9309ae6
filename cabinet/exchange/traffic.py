"""What came and what went, as operators see it: never a payload, nor whom it was about."""

from __future__ import annotations

from typing import Any

import django_filters
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.log_actions import log
from wagtail.permissions import register_permission_policy

from cabinet.exchange.courier import poke
from cabinet.exchange.delivery import send_again
from cabinet.exchange.models import Delivery, ReceivedEvent, State
from cabinet.looking import FACT, LookOnlyPolicy, moment


def when(field: str, label: Any) -> Column:
    """Return the column of a moment."""
    return Column(field, label=label, accessor=moment(field), sort_key=field, classname=FACT)


# What went -----------------------------------------------------------------------------------------------------------

RESEND = "exchange.resend_delivery"


@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    if not request.user.has_perm(RESEND):
        raise PermissionDenied
    delivery = get_object_or_404(Delivery.objects.defer("sealed"), pk=pk)
    if send_again(delivery):
        log(instance=delivery, action="exchange.delivery.again", user=request.user)
        messages.success(request, _("The event is being sent again."))
        poke()
    return redirect("deliveries:index")


class DeliveryFilter(WagtailFilterSet):
    """By which deliveries are narrowed down."""

    state = django_filters.ChoiceFilter(choices=State.choices, label=capfirst(pgettext_lazy("delivery", "state")))

    class Meta:
        model = Delivery
        fields = ["state", "endpoint"]


class DeliveryIndexView(IndexView):
    """All deliveries that are not forgotten yet, without what they say."""

    def get_base_queryset(self) -> Any:
        """Leave the sealed payloads in the database."""
        return Delivery.objects.select_related("endpoint").defer("sealed")


class AgainColumn(Column):
    """How far it has come, and a button where somebody may send it again."""

    cell_template_name = "exchange/admin/button_cell.html"

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> dict[str, Any]:
        """Say why it has come no farther."""
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        why = str(instance.last_status or instance.last_error or "")
        may = instance.state == State.DEAD and parent_context["request"].user.has_perm(RESEND)
        asked = {"may": may, "url_name": "deliveries:again", "word": pgettext("delivery", "Send again")}
        told = {"told": instance.get_state_display(), "why": why, "csrf_token": get_token(parent_context["request"])}
        return {**context, "row": instance, **asked, **told}


class DeliveryViewSet(ModelViewSet):
    """Events that were sent, or wait; whom they are about, and what they say, is shown to nobody."""

    model = Delivery
    name = "deliveries"
    url_prefix = "exchange/sent"
    icon = "upload"
    menu_label = gettext_lazy("Sent events")
    index_view_class = DeliveryIndexView
    copy_view_enabled = False
    filterset_class = DeliveryFilter
    list_display = [
        Column("type", label=capfirst(gettext_lazy("type")), sort_key="type", classname="title"),
        Column("endpoint", label=capfirst(gettext_lazy("address")), classname=FACT),
        AgainColumn("state", label=capfirst(pgettext_lazy("delivery", "state")), sort_key="state"),
        when("created_at", capfirst(pgettext_lazy("delivery", "written"))),
        when("settled_at", capfirst(pgettext_lazy("delivery", "ended"))),
        when("next_attempt_at", capfirst(gettext_lazy("next try"))),
        Column("attempts", label=capfirst(pgettext_lazy("delivery", "tries")), sort_key="attempts", classname=FACT),
    ]
    list_export = ["public_id", "type", "state", "created_at", "settled_at", "attempts", "last_status", "last_error"]
    search_fields: list[str] = []
    ordering = ["-created_at", "-pk"]
    form_fields: list[str] = []

    def get_urlpatterns(self) -> list[URLPattern]:
        """Return Wagtail's addresses, and where one is sent again."""
        return [*super().get_urlpatterns(), path("again/<int:pk>/", again, name="again")]


# What came -----------------------------------------------------------------------------------------------------------


class ReceivedFilter(WagtailFilterSet):
    """By which events are narrowed down."""

    class Meta:
        model = ReceivedEvent
        fields = ["source", "type", "outcome"]


class ReceivedViewSet(ModelViewSet):
    """Events that were taken, and what became of them."""

    model = ReceivedEvent
    name = "received_events"
    url_prefix = "exchange/received"
    icon = "download"
    menu_label = gettext_lazy("Received events")
    copy_view_enabled = False
    filterset_class = ReceivedFilter
    list_display = [
        Column("type", label=capfirst(gettext_lazy("type")), sort_key="type", classname="title"),
        Column("source", label=capfirst(gettext_lazy("shop engine")), sort_key="source", classname=FACT),
        Column("event_id", label=capfirst(gettext_lazy("id of the event")), classname=FACT),
        when("occurred_at", capfirst(gettext_lazy("occurred"))),
        when("received_at", capfirst(gettext_lazy("received"))),
        Column("outcome", label=capfirst(gettext_lazy("outcome")), sort_key="outcome", classname=FACT),
        Column("reason", label=capfirst(gettext_lazy("reason")), classname=FACT),
    ]
    list_export = ["source", "event_id", "type", "occurred_at", "received_at", "outcome", "reason"]
    search_fields: list[str] = []
    ordering = ["-received_at", "-pk"]
    form_fields: list[str] = []


for model in (Delivery, ReceivedEvent):
    register_permission_policy(model, LookOnlyPolicy(model))
delivery_viewset, received_viewset = DeliveryViewSet(), ReceivedViewSet()

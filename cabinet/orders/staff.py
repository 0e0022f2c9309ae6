"""Orders as order staff meet them: the list of those in hand, and nobody's name in it."""

from __future__ import annotations

from typing import Any

from django.db.models import F
from django.urls import URLPattern, path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permissions import register_permission_policy

from cabinet.looking import FACT, LookOnlyPolicy, NeverExported, moment
from cabinet.orders import phone_views, staff_views
from cabinet.orders.models import Order
from cabinet.orders.money import tenge
from cabinet.orders.seeing import ASSIGN, BREAK_GLASS, CARRY_OUT, TAKE_BY_PHONE, listed_for, waiting

MAY_LOOK = (CARRY_OUT, ASSIGN, BREAK_GLASS)


class OrderIndexView(NeverExported):
    """The orders that this colleague may know of; a search knows numbers alone."""

    template_name = "orders/admin/order_list.html"

    def get_base_queryset(self) -> Any:
        """Leave the person in the database, but for the city."""
        return listed_for(self.request.user).annotate(city=F("person__city"))

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Say what this colleague may do besides looking, and how many orders wait for somebody."""
        user = self.request.user
        may = {"take": user.has_perm(CARRY_OUT), "by_phone": user.has_perm(TAKE_BY_PHONE)}
        return {**super().get_context_data(*args, **kwargs), "may": may, "count_waiting": waiting().count()}


def cost_of(order: Order) -> str:
    """Return what it costs in all."""
    return tenge(order.total)


class OrderViewSet(ModelViewSet):
    """Wagtail's own list of orders, one page for each, and what is done with them; nothing of it is exported."""

    model = Order
    name = "orders"
    url_prefix = "orders"
    icon = "clipboard-list"
    menu_label = gettext_lazy("Orders")
    menu_order = 210
    add_to_admin_menu = True
    index_view_class = OrderIndexView
    copy_view_enabled = False
    # On a phone each order is a card of its number and these facts (static/css/admin.css).
    list_display = [
        TitleColumn(
            "number",
            label=capfirst(gettext_lazy("number")),
            sort_key="number",
            get_url=lambda order: reverse("orders:order", args=[order.public_id]),
        ),
        Column("status", label=capfirst(gettext_lazy("status")), accessor="get_status_display", classname=FACT),
        Column("total", label=capfirst(gettext_lazy("total")), accessor=cost_of, sort_key="total", classname=FACT),
        Column("city", label=capfirst(gettext_lazy("city")), accessor=lambda order: order.city or "—", classname=FACT),
        Column(
            "placed_at",
            label=capfirst(pgettext_lazy("order", "placed at")),
            accessor=moment("placed_at"),
            sort_key="placed_at",
            classname=FACT,
        ),
    ]
    list_filter = ["status"]
    list_export: list[str] = []
    search_fields = ["number"]
    search_backend_name = None
    ordering = ["placed_at", "pk"]
    form_fields: list[str] = []

    def get_urlpatterns(self) -> list[URLPattern]:
        """Return the list and our own pages; nothing here is edited as a row."""
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("next/", staff_views.take, name="take"),
            path("new/", phone_views.new, name="by_phone"),
            path("new/again/", phone_views.again, name="by_phone_again"),
            path("new/find/", phone_views.find, name="find"),
            path("<slug:public_id>/", staff_views.order, name="order"),
            path("<slug:public_id>/reveal/", staff_views.reveal_person, name="reveal"),
            path("<slug:public_id>/assign/", staff_views.give, name="assign"),
            path("<slug:public_id>/step/", staff_views.step, name="step"),
            path("<slug:public_id>/link/", phone_views.new_link, name="link"),
        ]


register_permission_policy(Order, LookOnlyPolicy(Order, *MAY_LOOK))
order_viewset: Any = OrderViewSet()

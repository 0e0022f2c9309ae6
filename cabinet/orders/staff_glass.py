"""Emergency access in Wagtail's admin: find, give a reason, and see; and the report of all such accesses."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permissions import register_permission_policy

from cabinet.customers.plain_text import PlainTextField
from cabinet.looking import FACT, LookOnlyPolicy, NeverExported, moment
from cabinet.orders.models import BreakGlass, Order
from cabinet.orders.money import tenge
from cabinet.orders.seeing import BREAK_GLASS, NotSeen, visible_to
from cabinet.orders.seeing_glass import find, open_glass
from cabinet.orders.staff_forms import ReasonForm
from cabinet.orders.staff_views import UNSEEN

for_officers = permission_required(BREAK_GLASS, raise_exception=True)


class TermForm(forms.Form):
    """By what somebody is known."""

    term = PlainTextField(
        label=gettext_lazy("Number of an order, e-mail or phone"),
        max_length=320,
        help_text=gettext_lazy("Whole and exact. The search leaves a line in the log."),
    )


class BreakGlassIndexView(NeverExported):
    """All emergency accesses: who, why, until when; of whom, by the mark alone."""

    template_name = "orders/admin/glass_list.html"

    def get_base_queryset(self) -> Any:
        """Bring the officers along."""
        return BreakGlass.objects.select_related("officer")

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Say whether this colleague may open one."""
        may_open = self.request.user.has_perm(BREAK_GLASS)
        return {**super().get_context_data(*args, **kwargs), "may_open": may_open}


class BreakGlassViewSet(ModelViewSet):
    """The report of emergency accesses, and the way to one; nothing of it is exported or changed."""

    model = BreakGlass
    name = "emergencies"
    url_prefix = "reports/emergencies"
    icon = "warning"
    menu_label = gettext_lazy("Emergency accesses")
    menu_hook = "register_reports_menu_item"
    menu_order = 75
    index_view_class = BreakGlassIndexView
    copy_view_enabled = False
    list_display = [
        Column(
            "opened_at",
            label=capfirst(gettext_lazy("opened")),
            accessor=moment("opened_at"),
            sort_key="opened_at",
            classname="title",
        ),
        Column(
            "officer",
            label=capfirst(pgettext_lazy("access", "by whom")),
            accessor="officer.get_full_name",
            classname=FACT,
        ),
        Column("reason", label=capfirst(gettext_lazy("reason")), classname=FACT),
        Column(
            "until", label=capfirst(gettext_lazy("until")), accessor=moment("until"), sort_key="until", classname=FACT
        ),
        Column("subject", label=capfirst(gettext_lazy("mark of the person")), classname=FACT),
    ]
    list_export: list[str] = []
    search_fields: list[str] = []
    ordering = ["-opened_at", "-pk"]
    form_fields: list[str] = []

    def get_urlpatterns(self) -> list[URLPattern]:
        """Return the report and our own pages."""
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("find/", search, name="find"),
            path("open/<uuid:subject>/", open_access, name="open"),
            path("<slug:public_id>/", access, name="access"),
        ]


@require_http_methods(["GET", "HEAD", "POST"])
@for_officers
def search(request: Any) -> HttpResponse:
    form = TermForm(request.POST or None)
    found = find(officer=request.user, term=form.cleaned_data["term"]) if form.is_valid() else None
    return _search_page(request, form, found, status=422 if form.errors else 200)


@require_POST
@for_officers
def open_access(request: Any, subject: UUID) -> HttpResponse:
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _search_page(request, TermForm(), None, status=422, failed=form, subject=subject)
    try:
        opened = open_glass(officer=request.user, subject=subject, reason=form.cleaned_data["reason"])
    except NotSeen:
        return render(request, "orders/admin/not_seen.html", status=UNSEEN)
    except Order.DoesNotExist as error:
        raise Http404 from error
    return redirect("emergencies:access", opened.public_id)


@require_safe
@for_officers
def access(request: Any, public_id: str) -> HttpResponse:
    """List the orders of the person while the access is open; each person behind one is revealed by itself."""
    own = BreakGlass.objects.filter(officer=request.user)
    opened = get_object_or_404(own, public_id=public_id)
    is_open = opened.until > timezone.now()
    orders = visible_to(request.user).of_mark(opened.subject) if is_open else Order.objects.none()
    rows = [(order, reverse("orders:order", args=[order.public_id]), tenge(order.total)) for order in orders]
    return render(request, "orders/admin/glass.html", {"access": opened, "is_open": is_open, "rows": rows})


def _search_page(request: HttpRequest, form: TermForm, found: Any, status: int, **failed: Any) -> HttpResponse:
    rows = [(one, ReasonForm(auto_id=f"id_%s_{number}")) for number, one in enumerate(found or [])]
    context = {"form": form, "rows": rows, "is_searched": found is not None, **failed}
    return render(request, "orders/admin/glass_find.html", context, status=status)


register_permission_policy(BreakGlass, LookOnlyPolicy(BreakGlass))
break_glass_viewset: Any = BreakGlassViewSet()

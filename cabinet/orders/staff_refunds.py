"""Refunds as accountants meet them: what is to be paid, and the bank details for a reason, one look at a time."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.admin.ui.tables import BooleanColumn, Column, TitleColumn
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permissions import register_permission_policy

from cabinet.looking import FACT, LookOnlyPolicy, NeverExported, moment
from cabinet.orders import vault
from cabinet.orders.models import Refund
from cabinet.orders.money import tenge
from cabinet.orders.seeing import PAY, NotSeen
from cabinet.orders.staff_forms import ReasonForm
from cabinet.orders.staff_views import UNSEEN
from cabinet.orders.vault_forms import DetailsForm, RefundForm

for_payers = permission_required(PAY, raise_exception=True)


class RefundIndexView(NeverExported):
    """All refunds; whose they are stands nowhere."""

    template_name = "orders/admin/refund_list.html"

    def get_base_queryset(self) -> Any:
        """Bring along the order, and whether there are details; never these."""
        return Refund.objects.select_related("order", "details").defer("details__sealed")


def amount_of(refund: Refund) -> str:
    """Return what is paid back."""
    return tenge(refund.amount)


class RefundViewSet(ModelViewSet):
    """Wagtail's own list of refunds, and one page for each; nothing of it is exported."""

    model = Refund
    name = "refunds"
    url_prefix = "refunds"
    icon = "rotate"
    menu_label = gettext_lazy("Refunds")
    menu_order = 220
    add_to_admin_menu = True
    index_view_class = RefundIndexView
    copy_view_enabled = False
    list_display = [
        TitleColumn(
            "order",
            label=capfirst(gettext_lazy("order")),
            accessor="order.number",
            get_url=lambda refund: reverse("refunds:refund", args=[refund.public_id]),
        ),
        Column("amount", label=capfirst(gettext_lazy("amount")), accessor=amount_of, sort_key="amount", classname=FACT),
        Column("state", label=capfirst(gettext_lazy("state")), accessor="get_state_display", classname=FACT),
        Column(
            "requested_at",
            label=capfirst(pgettext_lazy("refund", "requested")),
            accessor=moment("requested_at"),
            sort_key="requested_at",
            classname=FACT,
        ),
        BooleanColumn("has_details", label=gettext_lazy("Bank details"), accessor=lambda one: hasattr(one, "details")),
    ]
    list_filter = ["state"]
    list_export: list[str] = []
    search_fields = ["order__number"]
    search_backend_name = None
    ordering = ["-requested_at", "-pk"]
    form_fields: list[str] = []

    def get_urlpatterns(self) -> list[URLPattern]:
        """Return the list and our own pages; nothing here is edited as a row."""
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("new/", open_refund, name="open"),
            path("<slug:public_id>/", refund, name="refund"),
            path("<slug:public_id>/reveal/", reveal, name="reveal"),
            path("<slug:public_id>/details/", details, name="details"),
            path("<slug:public_id>/paid/", paid, name="paid"),
            path("<slug:public_id>/came-back/", came_back, name="came_back"),
        ]


@require_http_methods(["GET", "HEAD", "POST"])
@for_payers
def open_refund(request: Any) -> HttpResponse:
    form = RefundForm(request.POST or None)
    if form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("amount", "reason")}
        try:
            made = vault.open_refund(order=form.order, actor=request.user.public_id, **given)
        except vault.TooMuch:
            form.add_error("amount", _("Together with earlier refunds this is more than the order cost."))
        except vault.NotOpen:
            form.add_error("number", _("No order of our own series has this number."))
        else:
            return redirect("refunds:refund", made.public_id)
    return render(request, "orders/admin/open_refund.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@for_payers
def refund(request: HttpRequest, public_id: str) -> HttpResponse:
    return _page(request, known_refund(public_id))


@require_POST
@for_payers
def reveal(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show the details for as long as this one answer is on the screen."""
    found, form = known_refund(public_id), ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, found, reason=form, status=422)
    try:
        shown = vault.reveal_details(user=request.user, refund=found, reason=form.cleaned_data["reason"])
    except NotSeen:
        return render(request, "orders/admin/not_seen.html", status=UNSEEN)
    return _page(request, found, shown=shown)


@sensitive_post_parameters()
@require_POST
@for_payers
def details(request: Any, public_id: str) -> HttpResponse:
    """Keep what the customer says on the phone."""
    found, form = known_refund(public_id), DetailsForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form=form, status=422)
    return _done(request, found, vault.keep_details, details=form.details)


@require_POST
@for_payers
def paid(request: Any, public_id: str) -> HttpResponse:
    return _done(request, known_refund(public_id), vault.mark_paid)


@require_POST
@for_payers
def came_back(request: Any, public_id: str) -> HttpResponse:
    return _done(request, known_refund(public_id), vault.mark_come_back)


def _done(request: Any, found: Refund, deed: Any, **said: Any) -> HttpResponse:
    try:
        deed(refund=found, actor=request.user.public_id, **said)
    except vault.NotOpen:
        messages.error(request, _("The refund is not where it was; see how far it is now. Nothing was changed."))
    except vault.NoVault:
        messages.error(request, _("The vault has no key, so nothing was kept. Tell whoever keeps the site running."))
    else:
        messages.success(request, _("Saved."))
    return redirect("refunds:refund", found.public_id)


def known_refund(public_id: str) -> Refund:
    """Return the refund; the details stay in the database."""
    found: Refund = get_object_or_404(Refund.objects.select_related("order__person"), public_id=public_id)
    return found


def _page(request: HttpRequest, found: Refund, *, shown: Any = None, status: int = 200, **forms: Any) -> HttpResponse:
    is_open = found.state == Refund.State.REQUESTED
    context = {
        "refund": found,
        "order": found.order,
        "amount": amount_of(found),
        "is_open": is_open,
        "is_paid": found.state == Refund.State.PAID,
        "given_at": vault.RefundDetails.objects.filter(refund=found).values_list("given_at", flat=True).first(),
        "shown": shown,
        "reason": forms.get("reason") or ReasonForm(),
        "form": forms.get("form") or DetailsForm(),
    }
    return render(request, "orders/admin/refund.html", context, status=status)


register_permission_policy(Refund, LookOnlyPolicy(Refund, PAY))
refund_viewset: Any = RefundViewSet()

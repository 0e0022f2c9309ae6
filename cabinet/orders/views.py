"""The customer's orders: the list, one of them, and those placed without an account."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate, suspend_request
from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from cabinet.customers.access import for_customers
from cabinet.customers.keyset import stretch
from cabinet.orders.addresses import own_order
from cabinet.orders.claiming import claim_by_email, claim_by_phone, count_of_may_be
from cabinet.orders.forms import ClaimForm
from cabinet.orders.listing import FilterForm, Row, shown
from cabinet.orders.models import Order
from cabinet.orders.showing import whole

NOT_FOUND = gettext_lazy(
    "We found no order placed without an account that has this number, this total and the phone of your profile."
)
TOO_OFTEN = gettext_lazy("You have tried too often today. Try again tomorrow, or write to us.")


@for_customers
@require_safe
def orders(request: Any) -> HttpResponse:
    own = Order.objects.of(request.customer)
    form = FilterForm(request.GET, own)
    page = stretch(shown(form.chosen(own)), request.GET, at="placed_at", among=own)
    context = {"form": form, "page": page, "rows": [Row(order) for order in page.rows]}
    return render(request, "orders/orders.html", {**context, "unclaimed": count_of_may_be(request.customer)})


@for_customers
@require_safe
def order(request: Any, address: str) -> HttpResponse:
    return render(request, "orders/order.html", whole(own_order(request.customer, address), request.customer))


@for_customers
def claim(request: Any) -> HttpResponse:
    """Show what can be claimed; take all that bears a verified e-mail when it is posted."""
    if request.method == "POST":
        # What others may have ordered for is shown afterwards, so an open session alone is not enough (s12).
        if not did_recently_reauthenticate(request):
            return suspend_request(request, reverse("account_reauthenticate"))
        return _claimed(request, claim_by_email(customer=request.customer))
    context = {"form": ClaimForm(), "count": count_of_may_be(request.customer), "phone": request.customer.phone}
    return render(request, "orders/claim.html", context)


@for_customers
def claim_one(request: Any) -> HttpResponse:
    """Take one order by what stands on its receipt."""
    form = ClaimForm(request.POST or None)
    if form.is_valid() and not did_recently_reauthenticate(request):
        return suspend_request(request, reverse("account_reauthenticate"))
    if form.is_valid():
        if not ratelimit.consume(request, action="claim_order", user=request.user):
            form.add_error(None, TOO_OFTEN)
        elif claim_by_phone(customer=request.customer, **form.cleaned_data):
            return _claimed(request, 1)
        else:
            form.add_error(None, NOT_FOUND)
    context = {"form": form, "count": 0, "phone": request.customer.phone}
    return render(request, "orders/claim.html", context, status=422 if form.errors else 200)


def _claimed(request: Any, count: int) -> HttpResponse:
    if count:
        told = ngettext("%(count)d order is yours now.", "%(count)d orders are yours now.", count) % {"count": count}
        messages.success(request, told)
    else:
        messages.info(request, _("There is nothing to take over."))
    return redirect("orders")

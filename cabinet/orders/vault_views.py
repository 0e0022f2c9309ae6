"""The customer's page on which bank details for an open refund are given; it never shows them again."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from cabinet.customers.access import for_customers
from cabinet.orders.addresses import own_order
from cabinet.orders.models import Refund
from cabinet.orders.money import tenge
from cabinet.orders.vault import NotOpen, NoVault, is_ready, keep_details
from cabinet.orders.vault_forms import DetailsForm


@sensitive_post_parameters()
@for_customers
@require_http_methods(["GET", "HEAD", "POST"])
def order_refund(request: Any, address: str) -> HttpResponse:
    order = own_order(request.customer, address)
    refund = order.refunds.filter(state=Refund.State.REQUESTED).first()
    if not did_recently_reauthenticate(request):
        # Not as other pages do: what was posted would wait in the session, and bank details stand nowhere but sealed.
        return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': request.path})}")
    form = DetailsForm(request.POST or None)
    if refund and form.is_valid() and _kept(request, refund, form):
        messages.success(request, _("The bank details are kept under lock."))
        return redirect("order_refund", address)
    context = {
        "order": order,
        "refund": refund,
        "amount": tenge(refund.amount) if refund else "",
        "details": getattr(refund, "details", None),
        "form": form,
        "is_ready": is_ready(),
    }
    return render(request, "orders/refund.html", context, status=422 if form.errors else 200)


def _kept(request: Any, refund: Refund, form: DetailsForm) -> bool:
    try:
        keep_details(refund=refund, details=form.details, actor=request.user.public_id)
    except NotOpen:
        messages.info(request, _("This refund has ended meanwhile; nothing was kept."))
    except NoVault:
        messages.error(
            request, _("Bank details cannot be kept safely just now, so nothing was kept. Please call the shop.")
        )
    else:
        return True
    return False

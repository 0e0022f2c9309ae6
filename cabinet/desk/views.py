"""The customer's requests: what was asked, by when it is answered, what the answer was."""

from __future__ import annotations

from typing import Any

from allauth.core import ratelimit
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cabinet.customers.access import for_customers
from cabinet.desk.clocks import deadline_of
from cabinet.desk.forms import GENERAL, ObjectionForm, RequestForm, WordsForm
from cabinet.desk.models import Channel, Kind, Request
from cabinet.desk.receiving import OrderGone, key_of, objection_of, receive
from cabinet.orders.addresses import own_order
from cabinet.orders.models import Order

SHOWN = 50
TOO_OFTEN = gettext_lazy(
    "That was the last request of today that can be sent from here. What you typed is still here: send it tomorrow, "
    "or write to the shop."
)


@for_customers
@require_safe
def requests(request: Any) -> HttpResponse:
    return render(request, "desk/requests.html", {"requests": Request.objects.of(request.customer)[:SHOWN]})


@for_customers
@require_safe
def one(request: Any, public_id: str) -> HttpResponse:
    found = get_object_or_404(Request.objects.of(request.customer).select_related("order"), public_id=public_id)
    return render(request, "desk/request.html", {"found": found, "deadline": deadline_of(found.kind)})


@for_customers
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Any) -> HttpResponse:
    form = RequestForm(request.POST or None)
    if form.is_valid() and (made := _received(request, form, form.cleaned_data["kind"])):
        return redirect("data_request", made.public_id)
    clocks = [(kind.label, deadline_of(kind)) for kind in GENERAL]
    return render(request, "desk/new.html", {"form": form, "clocks": clocks}, status=422 if form.errors else 200)


@for_customers
@require_http_methods(["GET", "HEAD", "POST"])
def objection(request: Any, address: str) -> HttpResponse:
    """Object to an order; while one objection to it is open, that one is shown."""
    order = own_order(request.customer, address)
    if standing := objection_of(request.customer, order):
        return redirect("data_request", standing.public_id)
    if not order.may_be_objected_to:
        raise Http404
    form = ObjectionForm(request.POST or None)
    if form.is_valid() and (made := _received(request, form, Kind.OBJECTION, order)):
        return redirect("data_request", made.public_id)
    context = {"form": form, "order": order, "address": address, "deadline": deadline_of(Kind.OBJECTION)}
    return render(request, "desk/objection.html", context, status=422 if form.errors else 200)


def _received(request: Any, form: WordsForm, kind: str, order: Order | None = None) -> Request | None:
    """Keep what was typed; None, with the reason in the form, where it cannot be kept now."""
    customer, text = request.customer, form.cleaned_data["text"]
    key = key_of(customer, form.cleaned_data["form_key"], kind, order, text)
    is_repeat = Request.objects.filter(form_key=key).exists()
    if not is_repeat and not ratelimit.consume(request, action="ask_shop", user=request.user):
        form.add_error(None, TOO_OFTEN)
        return None
    try:
        made = receive(
            kind=kind,
            channel=Channel.CABINET,
            text=text,
            language=get_language() or customer.language,
            form_key=form.cleaned_data["form_key"],
            name=customer.full_name,
            email=request.user.email,
            customer=customer,
            order=order,
        )
    except OrderGone as error:
        raise Http404 from error
    messages.success(request, _("The shop has it. You get a letter, and you find it here."))
    return made

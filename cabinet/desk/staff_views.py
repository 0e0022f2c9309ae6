"""One request as staff see it: facts for whoever answers, its words for a reason, the answer once."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cabinet.customers.models import Customer
from cabinet.desk.clocks import deadline_of
from cabinet.desk.forms import AnswerForm, RecordForm
from cabinet.desk.models import Request
from cabinet.desk.receiving import Answered, OrderGone, answer, receive
from cabinet.desk.seeing import ANSWER, is_elsewhere, reveal
from cabinet.orders.seeing import NotSeen
from cabinet.orders.seeing_masks import mask_email, mask_name
from cabinet.orders.staff_forms import ReasonForm
from cabinet.orders.staff_views import UNSEEN

for_answerers = permission_required(ANSWER, raise_exception=True)


@require_http_methods(["GET", "HEAD", "POST"])
@for_answerers
def new(request: Any) -> HttpResponse:
    form = RecordForm(request.POST or None)
    if form.is_valid():
        given = form.cleaned_data
        words = {name: given[name] for name in ("kind", "channel", "text", "language", "form_key", "name", "email")}
        customer = None if form.order else _known(given["email"])
        came = {"by": request.user.public_id, "received_at": form.received_at}
        try:
            made = receive(**words, **came, customer=customer, order=form.order)
        except OrderGone:
            form.add_error("number", _("This order is nobody’s any more, so nobody can object to it."))
        else:
            messages.success(request, _("Request %(number)s is written down.") % {"number": made.public_id})
            return redirect("requests:request", made.public_id)
    return render(request, "desk/admin/new.html", {"form": form}, status=422 if form.errors else 200)


def _known(email: str) -> Customer | None:
    """Return who has shown that the address is theirs: so is the request, for them to see and to have deleted."""
    shown = EmailAddress.objects.filter(email=email, verified=True, user__is_active=True)
    return Customer.objects.filter(user__in=shown.values("user")).first() if email else None


@require_safe
@for_answerers
def one(request: HttpRequest, public_id: str) -> HttpResponse:
    return _page(request, known_request(public_id))


@require_POST
@for_answerers
def reveal_words(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show what was asked, and by whom, for as long as this one answer is on the screen."""
    found, form = known_request(public_id), ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, found, reason=form, status=422)
    try:
        shown = reveal(user=request.user, request=found, reason=form.cleaned_data["reason"])
    except NotSeen:
        return render(request, "orders/admin/not_seen.html", status=UNSEEN)
    return _page(request, found, shown=shown)


@require_POST
@for_answerers
def give_answer(request: Any, public_id: str) -> HttpResponse:
    found, form = known_request(public_id), AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form=form, status=422)
    try:
        answer(request=found, by=request.user.public_id, **form.cleaned_data)
    except Answered:
        messages.error(request, _("It has been answered meanwhile; nothing was sent."))
    else:
        messages.success(request, _("The answer is kept, and sent where there is an address."))
    return redirect("requests:request", public_id)


def known_request(public_id: str) -> Request:
    """Return the request."""
    found: Request = get_object_or_404(Request.objects.select_related("order"), public_id=public_id)
    return found


def _page(request: HttpRequest, found: Request, *, shown: Any = None, status: int = 200, **forms: Any) -> HttpResponse:
    context = {
        "found": found,
        "deadline": deadline_of(found.kind),
        "is_elsewhere": is_elsewhere(found),
        "masked": (mask_name(found.name), mask_email(found.email)),
        "shown": shown,
        "reason": forms.get("reason") or ReasonForm(),
        "form": forms.get("form") or AnswerForm(),
    }
    return render(request, "desk/admin/request.html", context, status=status)

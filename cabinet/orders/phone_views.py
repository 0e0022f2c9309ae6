"""Orders by phone in Wagtail's admin: find the caller, read the consent out, write the order down."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST

from cabinet.audit.models import Event
from cabinet.audit.recording import record, wait_for_turn
from cabinet.consents.composing import NotReady
from cabinet.customers.actions import AccountClosed
from cabinet.customers.models import Customer
from cabinet.orders.phone_forms import MORE_ROWS, MOST_ROWS, FindForm, Sheet
from cabinet.orders.phone_letters import link_url
from cabinet.orders.phone_orders import Taken, renew_link, take_order
from cabinet.orders.phone_script import script
from cabinet.orders.seeing import TAKE_BY_PHONE, in_hand
from cabinet.orders.seeing_masks import mask_email, mask_name, mask_phone

SEARCHED = "orders.customer.searched"
TOO_MANY = 429

for_takers = permission_required(TAKE_BY_PHONE, raise_exception=True)


@require_http_methods(["GET", "HEAD", "POST"])
@for_takers
def find(request: Any) -> HttpResponse:
    """Find a customer by the whole number; a search leaves a line with its count, and nobody searches without end."""
    form = FindForm(request.POST or None)
    if not form.is_valid():
        return _found(request, form, None, status=422 if form.errors else 200)
    people = _search(request.user, form.cleaned_data["phone"])
    if people is None:
        form.add_error("phone", _("You have searched as often as one may in an hour. Take the order without it."))
        return _found(request, form, None, status=TOO_MANY)
    return _found(request, form, people)


@transaction.atomic
def _search(user: Any, phone: str) -> list[Customer] | None:
    """Return whom the number belongs to, once the search is recorded; None where there were too many in an hour."""
    wait_for_turn()  # kept until the line is written, so that two searches at once count as two
    since = timezone.now() - timedelta(hours=1)
    if (
        Event.objects.filter(name=SEARCHED, actor=user.public_id, at__gt=since).count()
        >= settings.PHONE_SEARCHES_PER_HOUR
    ):
        return None
    people = list(Customer.objects.filter(phone=phone, user__is_active=True).select_related("user")[:10])
    record(SEARCHED, actor=user.public_id, found=len(people))
    return people


def _found(request: HttpRequest, form: FindForm, people: list[Customer] | None, status: int = 200) -> HttpResponse:
    rows = None
    if people is not None:
        rows = [
            (one.public_id, mask_name(one.full_name), mask_phone(one.phone), mask_email(one.user.email))
            for one in people
        ]
    return render(request, "orders/admin/find.html", {"form": form, "rows": rows}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@for_takers
def new(request: Any) -> HttpResponse:
    sheet = _sheet(request)
    if sheet is None:
        return render(
            request, "orders/admin/not_ready.html", {"languages": settings.LANGUAGE_NAMES.items()}, status=503
        )
    if request.method != "POST" or not sheet.is_valid:
        return _show(request, sheet, status=422 if request.method == "POST" else 200)
    try:
        taken = take_order(
            staff=request.user,
            form_key=sheet.form.cleaned_data["form_key"],
            composed=sheet.composed,
            customer=sheet.customer,
            person=sheet.person,
            lines=sheet.lines.given,
            call_reference=sheet.form.cleaned_data["call_reference"],
        )
    except AccountClosed:
        sheet.form.add_error(
            "form_key", _("The account of this person has just been closed. Take the order without it.")
        )
        return _show(request, sheet, status=422)
    return _taken(request, taken)


@require_POST
@for_takers
def again(request: Any) -> HttpResponse:
    """Show the form anew with more rows, or with the words in another language; nothing typed is lost."""
    sheet = _sheet(request, language=request.GET.get("language"), more_rows=request.GET.get("rows") == "more")
    return _show(request, sheet) if sheet else redirect("orders:by_phone")


@require_POST
@for_takers
def new_link(request: Any, public_id: str) -> HttpResponse:
    found = get_object_or_404(in_hand(request.user).filter(by_phone__isnull=False), public_id=public_id)
    return _taken(request, Taken(found, renew_link(order=found, actor=request.user.public_id)))


def _sheet(request: Any, *, language: str | None = None, more_rows: bool = False) -> Sheet | None:
    """Return the form as it was posted, or an empty one; None while there are no words to read out."""
    typed = request.POST.copy() if request.method == "POST" else None
    asked = typed if typed is not None else request.GET
    # An account that was closed meanwhile gets no order; what was typed is then somebody's without an account.
    known = Customer.objects.filter(public_id=asked.get("customer") or None, user__is_active=True).first()
    wanted = language or asked.get("language")
    wanted = wanted if wanted in settings.LANGUAGE_NAMES else settings.LANGUAGE_CODE
    try:
        composed = script(str(wanted), known)
    except NotReady:
        return None
    if typed is not None and (language or more_rows):
        typed["language"], typed["words"] = composed.language, composed.sha256
        typed.pop("agreed", None)  # to other words nobody has agreed yet
        if more_rows:
            typed["lines-TOTAL_FORMS"] = str(min(_rows(typed) + MORE_ROWS, MOST_ROWS))
    return Sheet(composed, known, typed)


def _rows(typed: Any) -> int:
    count = str(typed.get("lines-TOTAL_FORMS", ""))
    return min(int(count), MOST_ROWS) if count.isdecimal() and len(count) < 4 else 0


def _show(request: HttpRequest, sheet: Sheet, status: int = 200) -> HttpResponse:
    customer = sheet.customer
    with override(sheet.composed.language):
        sentence = str(sheet.composed.sentence)
    context = {
        "sheet": sheet,
        "sentence": sentence,
        "words": sheet.composed,
        "languages": settings.LANGUAGE_NAMES.items(),
        "caller": mask_name(customer.full_name) if customer else "",
        "shows_errors": status != 200,
    }
    return render(request, "orders/admin/by_phone.html", context, status=status)


def _taken(request: HttpRequest, taken: Taken) -> HttpResponse:
    """Say what was kept and, this once, where the person finds it."""
    if not taken.token:
        messages.info(request, _("This order had been saved already; it is there once."))
        return redirect("orders:order", taken.order.public_id)
    person = taken.order.person  # type: ignore[attr-defined]
    context = {
        "order": taken.order,
        "link_url": link_url(taken.token, person.language),
        "is_written": bool(person.email),
    }
    return render(request, "orders/admin/taken.html", context)

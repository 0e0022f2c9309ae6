"""Deleting: single things at once, the account after a preview, a confirmation and time to think."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate, suspend_request
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cabinet.customers.access import for_customers, gate
from cabinet.customers.backends import read_along
from cabinet.customers.second_factor import end_other_sessions
from cabinet.privacy.asking import IsStaff, TooLate, ask, call_off, hasten
from cabinet.privacy.confirming import ConfirmForm
from cabinet.privacy.erasures import Erasure, State, hashed
from cabinet.privacy.plan import COUNTED, plan_for, what_stays
from cabinet.privacy.restricting import Restricted
from cabinet.privacy.things import Thing, staying, things_of
from cabinet.register.categories import register

IS_ASKED = "erasure_is_asked"  # read with the account, so that a page of who asked for none costs no query more
read_along[IS_ASKED] = Exists(Erasure.objects.live().filter(customer__user=OuterRef("pk")))
OPEN_WHILE_LOCKED = ("erase_locked", "erase_cancel", "erase_now", "data_copy")  # names of addresses begin so


@gate
def lead_to_lock(request: Any) -> HttpResponse | None:
    """Lead who waits for an erasure to the one screen that is left, from every other page of the cabinet."""
    is_asked = getattr(request.user, IS_ASKED, True)
    request.erasure = Erasure.objects.live().filter(customer=request.customer).first() if is_asked else None
    name = request.resolver_match.url_name or ""
    if request.erasure is None or name.startswith(OPEN_WHILE_LOCKED):
        return None
    return see_other("erase_locked")


def see_other(name: str, *args: Any) -> HttpResponse:
    """Lead on after a form, so that Reload sends nothing twice."""
    return HttpResponseRedirect(reverse(name, args=args), status=303)


def confirm_again(request: HttpRequest) -> HttpResponse | None:
    """Ask for the password or a code where the last was typed more than ten minutes ago (s12)."""
    if did_recently_reauthenticate(request):
        return None
    return suspend_request(request, reverse("account_reauthenticate"))  # which goes on with what was posted


# Single things -------------------------------------------------------------------------------------------------------


@for_customers
@require_safe
def erase(request: Any) -> HttpResponse:
    return render(request, "privacy/erase/choose.html", {"things": things_of(request)})


@for_customers
@require_http_methods(["GET", "HEAD", "POST"])
def erase_thing(request: Any, key: str) -> HttpResponse:
    thing = own_thing(request, key)
    if request.method != "POST":
        stays = staying(request.user) if thing.in_orders else []
        return render(request, "privacy/erase/thing.html", {"thing": thing, "stays": stays})
    asked = confirm_again(request) if thing.wants_fresh else None
    if asked:
        return asked
    if thing.delete:
        thing.delete(request)
    messages.success(request, _("Deleted: %(thing)s.") % {"thing": thing.title})
    return see_other("erase")


def own_thing(request: Any, key: str) -> Thing:
    """Return this customer's thing; anybody else's, or one that is gone, is a 404."""
    for thing in things_of(request):
        if thing.key == key and thing.delete:
            return thing
    raise Http404


# The account ---------------------------------------------------------------------------------------------------------


@for_customers
@require_safe
def erase_account(request: Any) -> HttpResponse:
    plan = plan_for(request.user, most=COUNTED)
    return render(request, "privacy/erase/account.html", {"plan": plan, "counted": COUNTED})


@for_customers
@require_http_methods(["GET", "HEAD", "POST"])
def erase_confirm(request: Any) -> HttpResponse:
    asked = confirm_again(request)
    if asked:
        return asked
    plan = plan_for(request.user, most=COUNTED)
    form = ConfirmForm(request.POST or None, bonuses=plan.bonuses)
    if form.is_valid():
        return _asked(request)
    context = {"form": form, "plan": plan, "days": settings.ERASURE_DELAY_DAYS}
    return render(request, "privacy/erase/confirm.html", context, status=422 if form.errors else 200)


def _asked(request: Any) -> HttpResponse:
    try:
        ask(customer=request.customer)
    except IsStaff:
        messages.error(request, _("This account belongs to staff. An administrator closes it; nothing was changed."))
        return see_other("my_data")
    # Whoever else is signed in as this person meets the lock only after signing in again.
    request.user.end_sessions()
    request.user.save(update_fields=["session_salt"])
    update_session_auth_hash(request, request.user)
    end_other_sessions(request, request.user)
    return see_other("erase_locked")


@for_customers
@require_safe
def erase_locked(request: Any) -> HttpResponse:
    if request.erasure is None:
        return redirect("erase")
    return render(
        request, "privacy/erase/locked.html", {"erasure": request.erasure, "token": request.erasure.told["token"]}
    )


@require_POST
@for_customers
def erase_cancel(request: Any) -> HttpResponse:
    if request.erasure:
        try:
            call_off(erasure=request.erasure)
        except TooLate:
            messages.error(request, _("The deletion has begun and cannot be called off any more."))
            return see_other("erase_locked")
        messages.success(
            request, _("Your account stays. Nothing was deleted; news stay switched off until you want them.")
        )
    return see_other("cabinet")


@for_customers
@require_http_methods(["GET", "HEAD", "POST"])
def erase_now(request: Any) -> HttpResponse:
    if request.erasure is None:
        return redirect("erase")
    asked = confirm_again(request)
    if asked:
        return asked
    if request.method != "POST":
        return render(request, "privacy/erase/now.html", {"erasure": request.erasure})
    try:
        hasten(erasure=request.erasure)
    except TooLate:
        return see_other("cabinet")
    token = request.erasure.told["token"]
    logout(request)
    return see_other("erasure_status", token)


@require_safe
def erasure_status(request: HttpRequest, token: str) -> HttpResponse:
    """Show how far an erasure is to whoever has the link, with nothing of the person on the page."""
    erasure = get_object_or_404(Erasure, token_sha256=hashed(token))
    if erasure.state == State.CANCELLED:
        raise Http404
    context = {
        "erasure": erasure,
        "figures": told_figures(erasure),
        "locked": locked_until(erasure),
        "backup_days": settings.BACKUP_DAYS,
    }
    if erasure.customer and erasure.begun_at:
        context["plan"] = what_stays(erasure.customer.user)
    return render(request, "privacy/erase/status.html", context)


def told_figures(erasure: Erasure) -> list[dict[str, Any]]:
    """Return the receipt in words, counted as the plan counted: of each category the rows it is named for."""
    found = []
    for category in register:
        counts = [erasure.figures.get(f"{category.key} {held.model}") for held in category.held]
        if any(counts):
            found.append({"category": category.title, **(counts[0] or {})})
    return found


def locked_until(erasure: Erasure) -> Any:
    """Return until when something of it stands under lock; None where nothing does."""
    found = Restricted.objects.filter(erasure=erasure.public_id).order_by("-until")
    return found.values_list("until", flat=True).first()

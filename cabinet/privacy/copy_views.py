"""The customer's copy: asked for, watched while it is made, downloaded."""

from __future__ import annotations

from functools import wraps
from typing import Any, ParamSpec
from urllib.parse import quote

from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate, suspend_request
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cabinet.customers.access import View, for_customers
from cabinet.privacy import copies
from cabinet.privacy.data_copies import BUILDING, DataCopy, Stage

STEPS = (Stage.COLLECTING, Stage.WRITING, Stage.CHECKING, Stage.READY)
Rest = ParamSpec("Rest")


def confirmed_afresh(view: View[Rest]) -> View[Rest]:
    """Ask for password or code first, unless that was done in the last ten minutes (s12)."""

    @wraps(view)
    def guarded(request: Any, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponseBase:
        if not did_recently_reauthenticate(request):
            return suspend_request(request, reverse("account_reauthenticate"))
        return view(request, *args, **kwargs)

    return guarded


@require_http_methods(["GET", "HEAD", "POST"])
@for_customers
def data_copy(request: Any) -> HttpResponseBase:
    return _ask(request) if request.method == "POST" else _page(request)


def _page(request: Any, status: int = 200) -> HttpResponse:
    copy = copies.latest(request.customer)
    context = {"copy": copy, "steps": _steps(copy), "next_possible": copies.next_possible(request.customer)}
    return render(request, "privacy/data_copy.html", context, status=status)


def _steps(copy: DataCopy | None) -> list[dict[str, Any]]:
    """Return the stages with how each stands: done, now, or to come."""
    if copy is None or copy.stage not in (*BUILDING, Stage.READY):
        return []
    here = STEPS.index(Stage(copy.stage)) if copy.stage in STEPS else 0
    done = len(STEPS) if copy.stage == Stage.READY else here
    return [
        {"title": step.label, "state": "done" if place < done else "now" if place == here else "coming"}
        for place, step in enumerate(STEPS)
    ]


@confirmed_afresh
def _ask(request: Any) -> HttpResponse:
    try:
        copies.ask(customer=request.customer, language=get_language() or request.customer.language)
    except copies.TooSoon as soon:
        response = _page(request, status=429)
        response.headers["Retry-After"] = str(max(1, int((soon.until - timezone.now()).total_seconds())))
        return response
    return HttpResponseRedirect(reverse("data_copy"), status=303)


@require_POST
@for_customers
@confirmed_afresh
def open_copy(request: Any) -> HttpResponse:
    """Lead to the file under an address that only this answer knows."""
    copy = copies.latest(request.customer)
    if copy is None or copy.is_building or copy.stage == Stage.FAILED:
        raise Http404
    if not copy.is_ready:
        return HttpResponseRedirect(reverse("data_copy"), status=303)
    token = copies.new_token(copy=copy)
    return HttpResponseRedirect(reverse("data_copy_download", args=[token]), status=303)


@require_safe
@for_customers
def download(request: Any, token: str) -> HttpResponseBase:
    copy = copies.found_by(token, request.customer)
    if copy is None:
        raise Http404
    if not copy.is_ready:
        return _gone(request)
    return confirmed_afresh(_sent)(request, copy)


def _sent(request: Any, copy: DataCopy) -> HttpResponseBase:
    try:
        file = copy.place.open("rb")
    except FileNotFoundError:
        return _gone(request)
    copies.note_download(copy=copy)
    response = FileResponse(file, content_type="application/zip")
    response.headers["Content-Disposition"] = _attachment(copy)
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _attachment(copy: DataCopy) -> str:
    """Return the name of the file: in ASCII for old programs, in the language of the copy for all others (RFC 6266)."""
    day = f"{timezone.localtime(copy.ready_at):%Y-%m-%d}"
    with override(copy.language):
        name = quote(_("my data") + f" {day}.zip")
    return f"attachment; filename=\"my-data-{day}.zip\"; filename*=UTF-8''{name}"


def _gone(request: Any) -> HttpResponse:
    return render(request, "privacy/copy_gone.html", status=410)

"""The choice about cookies, and its receipt for whoever has the number."""

from __future__ import annotations

import logging
from typing import Any

from allauth.core import ratelimit
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from cabinet.consents.actions import TooManyChoices, record_choice
from cabinet.consents.forms import ACCEPT, ChoiceForm
from cabinet.consents.joining import join
from cabinet.consents.models import NUMBER, CookieReceipt, Method
from cabinet.consents.origin import from_this_site
from cabinet.consents.withdrawal import remove_refused, stored_by_refused
from cms_pages.chrome import private_chrome
from cms_pages.cookie_answer import DECLINED, Answer

LARGEST = 4096  # bytes of a choice; a form with a dozen groups has some 500
PAUSE = 60  # seconds until a throttle lets the next choice in
log = logging.getLogger("kelisim.consents")


@csrf_exempt  # A page that is the same for everybody has no token; from_this_site stands in its place (s07).
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST:
        return _refused(request, 413)
    language = request.POST.get("language", "")
    with override(language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE):
        if not from_this_site(request):
            return _refused(request, 403)
        if not ratelimit.consume(request, action="cookie_choice"):
            return _refused(request, 429)
        try:
            return _chosen(request)
        except TooManyChoices:
            return _refused(request, 429)
        except (OperationalError, InterfaceError) as error:
            log.error("consents.choice.not_recorded", exc_info=error)
            return _switched_off(request)


def _chosen(request: HttpRequest) -> HttpResponse:
    before = Answer.of(request)
    form = ChoiceForm(request.POST, before=before)
    if not form.is_valid():
        return _refused(request, 400)
    gpc = request.headers.get("Sec-GPC") == "1"
    known = form.cleaned_data["receipt"] or before.receipt
    owner = _customer(request)
    method = Method.PAGE if form.method == Method.CABINET and owner is None else form.method
    receipt = record_choice(banner=form.edition, choices=form.choices, method=method, gpc=gpc, known=known)
    if owner:
        join(receipt.public_id, owner)
    asked = form.edition.content
    response = _acknowledged(request, form, receipt)
    versions = {group["varname"]: group["version"] for group in asked["groups"]}
    groups = {name: versions[name] if allowed else DECLINED for name, allowed in form.choices.items()}
    Answer(groups, asked["asked"], receipt.public_id, gpc and form.method != Method.GPC).write(response)
    remove_refused(request, response, asked["groups"], form.choices)
    return response


def _customer(request: Any) -> Any:
    """Return who is signed in as a customer; a browser without a session is not looked up."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
        return None
    return None if request.user.is_staff else request.user


def _acknowledged(request: HttpRequest, form: ChoiceForm, receipt: CookieReceipt) -> HttpResponse:
    if request.headers.get("Accept") == "application/json":
        remove = stored_by_refused(form.edition.content["groups"], form.choices)
        return JsonResponse({"receipt": receipt.public_id, "choices": receipt.choices, "remove": remove})
    return HttpResponseRedirect(form.way_back, status=303)


def _switched_off(request: HttpRequest) -> HttpResponse:
    """Without a ledger nothing is consented: what a refusal would switch off is off, and the banner asks on (s23)."""
    response, before = _refused(request, 503), Answer.of(request)
    if before.groups and request.POST.get("choice") != ACCEPT:
        Answer(dict.fromkeys(before.groups, DECLINED), receipt=before.receipt).write(response)
    return response


def _refused(request: HttpRequest, status: int) -> HttpResponse:
    """Say that nothing was recorded, and that what is optional stays off."""
    response = render(request, "consents/refused.html", {"status": status}, status=status)
    if status in {429, 503}:
        response.headers["Retry-After"] = str(PAUSE)
    return response


@require_safe
def own_receipt(request: HttpRequest) -> HttpResponse:
    """Lead to the receipt of the number asked for, or of this browser's own choice."""
    number = (request.GET.get("number") or Answer.of(request).receipt).strip().upper()
    if NUMBER.fullmatch(number) and CookieReceipt.objects.filter(public_id=number).exists():
        return redirect("cookie_receipt", public_id=number)
    context = {"chrome": private_chrome(request), "number": number, "unknown": bool(request.GET.get("number"))}
    return render(request, "consents/find_receipt.html", context, status=404 if context["unknown"] else 200)


@require_safe
def receipt(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show a receipt to whoever has its number."""
    found = get_object_or_404(CookieReceipt.objects.select_related("banner", "policy__page"), public_id=public_id)
    decided = [group for group in found.banner.content["groups"] if group["varname"] in found.choices]
    groups = [{**group, "allowed": found.choices[group["varname"]]} for group in decided]
    later = CookieReceipt.objects.filter(follows=found).first()
    context = {"receipt": found, "groups": groups, "later": later, "chrome": private_chrome(request)}
    return render(request, "consents/receipt.html", context)

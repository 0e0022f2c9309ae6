"""The customer's consents: what holds, what it says word by word, giving and withdrawing, proof."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cabinet.consents.barring import bars_of, withdraw_or_wait
from cabinet.consents.cabinet_forms import AnswerForm
from cabinet.consents.composing import Composer, NotReady
from cabinet.consents.consenting import ClosesAccount, give
from cabinet.consents.ledger import ConsentReceipt, SignedName
from cabinet.consents.models import CookieReceipt, PendingWithdrawal
from cabinet.consents.proof import proof_of
from cabinet.consents.purposes import ASKED, NEWS, title_of
from cabinet.consents.rows import rows_of
from cabinet.customers.access import for_customers
from cabinet.customers.marks import marks_of
from cabinet.register.categories import Purpose
from cms_pages.cookie_answer import Answer
from cms_pages.cookies import is_asked, latest

A_PAGE = 50  # receipts
LATEST_CHOICES = 20  # about cookies
OTHER_WORDS = gettext_lazy(
    "The words of this consent have changed meanwhile, so nothing was recorded. Read them once more."
)


@for_customers
@require_safe
def consents(request: Any) -> HttpResponse:
    rows = rows_of(request.customer)
    asked_again = [row for row in rows if row.question]
    apart = [row for row in rows if row.asked.purpose not in NEWS and not row.question]
    waiting = [(row.title, bars_of(request.user, row.asked.purpose)) for row in rows if row.waits]
    context = {"rows": apart, "asked_again": asked_again, "ready": any(row.composed for row in rows)}
    context["waiting"] = waiting
    return render(request, "consents/consents.html", context)


@require_POST
@for_customers
def answer(request: Any) -> HttpResponse:
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest()
    purpose, medium = form.cleaned_data["consent"]
    if not form.given:
        return _withdrawn(request, purpose, medium)
    return _given(request, purpose, medium, form)


def _withdrawn(request: Any, purpose: str, medium: str) -> HttpResponse:
    try:
        receipt = withdraw_or_wait(customer=request.customer, purpose=purpose, medium=medium)
    except ClosesAccount:
        return see_other("consent_account")
    if isinstance(receipt, PendingWithdrawal):
        messages.warning(request, _("It cannot be withdrawn yet: below you see why, and until when. It is remembered."))
    elif receipt:
        told = {"title": title_of(purpose, medium), "ending": ASKED[purpose].ending}  # type: ignore[index]
        messages.success(request, _("Withdrawn: %(title)s. %(ending)s") % told)
    return see_other("consents")


def _given(request: Any, purpose: str, medium: str, form: AnswerForm) -> HttpResponse:
    try:
        composed = Composer(get_language() or "").one(purpose, medium)
    except NotReady:
        composed = None
    if composed is None or composed.sha256 != form.cleaned_data["words"]:
        messages.error(request, OTHER_WORDS)
        return see_other("consents")
    give(customer=request.customer, composed=composed, renew=form.cleaned_data["again"])
    messages.success(request, _("Recorded: you agree. %(title)s.") % {"title": composed.title})
    return see_other("consents")


def see_other(name: str) -> HttpResponse:
    """Lead on after a form, so that Reload sends nothing twice."""
    return HttpResponseRedirect(reverse(name), status=303)


@for_customers
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """Say calmly what withdrawing the account's own consent would mean, and what bars it now."""
    return render(request, "consents/account.html", {"bars": bars_of(request.user, Purpose.ORDER)})


def own(request: Any) -> QuerySet[ConsentReceipt]:
    """Return this customer's receipts."""
    found: QuerySet[ConsentReceipt] = ConsentReceipt.objects.filter(marks_of(request.user.pk))
    return found


@for_customers
@require_safe
def history(request: Any) -> HttpResponse:
    found, before = own(request), request.GET.get("before", "")
    if before:
        found = found.filter(pk__lt=get_object_or_404(own(request), public_id=before[:40].replace("\0", "")).pk)
    receipts = list(found[: A_PAGE + 1])
    for each in receipts:
        each.title = title_of(each.purpose, each.medium)  # type: ignore[attr-defined]
    more = receipts[A_PAGE - 1] if len(receipts) > A_PAGE else None
    return render(request, "consents/history.html", {"receipts": receipts[:A_PAGE], "more": more, "before": before})


@for_customers
@require_safe
def receipt(request: Any, number: str) -> HttpResponse:
    linked = ("text__policy__page", "text__document__page", "follows", "follower")
    found = get_object_or_404(own(request).select_related(*linked).defer(*_long_texts()), public_id=number)
    editions = [each for each in (found.text.policy, found.text.document) if each]
    context = {"receipt": found, "title": title_of(found.purpose, found.medium), "editions": editions}
    return render(request, "consents/consent_receipt.html", context)


def _long_texts() -> list[str]:
    of_edition = ("html", "canonical_text", "outline", "page__body", "page__plain_words")
    return [f"text__{document}__{name}" for document in ("policy", "document") for name in of_edition]


@for_customers
@require_safe
def proof(request: Any, number: str) -> HttpResponse:
    get_object_or_404(own(request), public_id=number)
    return _download(request, own(request).filter(public_id=number), f"consent-{number}.zip")


@for_customers
@require_safe
def proof_of_all(request: Any) -> HttpResponse:
    return _download(request, own(request), "consents.zip")


def _download(request: Any, receipts: QuerySet[ConsentReceipt], name: str) -> HttpResponse:
    whole = receipts.select_related("follows").prefetch_related("text__policy", "text__document")
    names = SignedName.objects.filter(marks_of(request.user.pk))
    response = HttpResponse(proof_of(whole, names), content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@for_customers
@require_safe
def cookies(request: Any) -> HttpResponse:
    """Show what this browser has chosen and the choices of all browsers in which the customer signed in."""
    made, said = latest(get_language() or ""), Answer.of(request)
    groups = [group for group in made["content"]["groups"] if is_asked(group)] if made else []
    shown = [{**group, "allowed": said.allows(group)} for group in groups]
    choices = CookieReceipt.objects.filter(ownership__user=request.user)[:LATEST_CHOICES]
    context = {"groups": shown, "number": made["number"] if made else 0, "answered": bool(said.groups)}
    return render(request, "consents/cookies.html", {**context, "choices": choices, "receipt": said.receipt})

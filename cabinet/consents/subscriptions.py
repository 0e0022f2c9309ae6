"""News: which topic comes by which way, in the cabinet and by the link in a letter, signed in or out."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from cabinet.consents.cabinet_forms import Wishes
from cabinet.consents.cabinet_views import OTHER_WORDS, see_other
from cabinet.consents.consenting import give, unsubscribe, withdraw
from cabinet.consents.ledger import Channel
from cabinet.consents.purposes import NEWS, title_of
from cabinet.consents.rows import last_changed, needs_phone, rows_of, topics
from cabinet.consents.unsubscribing import Ending, read
from cabinet.customers.access import for_customers
from cabinet.customers.models import Customer
from cms_pages.chrome import private_chrome


@for_customers
@require_http_methods(["GET", "HEAD", "POST"])
def subscriptions(request: Any) -> HttpResponse:
    rows = [row for row in rows_of(request.customer) if row.asked.purpose in NEWS]
    if request.method == "POST":
        return _saved(request, Wishes(request.POST, rows))
    context = {
        "topics": topics(rows),
        "without_phone": [row.key for row in rows if needs_phone(row, request.customer)],
        "changed_at": last_changed(rows),
        "any_given": any(row.given for row in rows),
    }
    return render(request, "consents/subscriptions.html", context)


def _saved(request: Any, wishes: Wishes) -> HttpResponse:
    for row in wishes.ending:
        withdraw(customer=request.customer, purpose=row.asked.purpose, medium=row.medium)
    for composed in wishes.giving:
        give(customer=request.customer, composed=composed)
    if wishes.outdated:
        messages.error(request, OTHER_WORDS)
    else:
        messages.success(request, _("Your subscriptions are saved."))
    return see_other("subscriptions")


@require_POST
@for_customers
def none(request: Any) -> HttpResponse:
    count = unsubscribe(customer=request.customer)
    told = ngettext(
        "You are unsubscribed from all news: %(count)d consent was withdrawn.",
        "You are unsubscribed from all news: %(count)d consents were withdrawn.",
        count,
    )
    messages.success(request, told % {"count": count})
    return see_other("subscriptions")


@csrf_exempt  # RFC 8058: a mail service posts it, without cookies; the signed word in the address is what allows it.
@require_http_methods(["GET", "HEAD", "POST"])
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """End what a letter's link names; opening it changes nothing, for mail scanners open links."""
    ending = read(token)
    if ending is None:
        raise Http404
    customer = Customer.objects.select_related("user").filter(subject=ending.subject).first()
    with override(customer.language if customer else None):
        if request.method == "POST" and customer:
            _end(customer, ending)
        context = {"ending": ending, "title": _title(ending), "done": request.method == "POST"}
        return render(request, "consents/unsubscribe.html", {**context, "chrome": private_chrome(request)})


def _end(customer: Customer, ending: Ending) -> None:
    unsubscribe(customer=customer, topic=ending.topic, medium=ending.medium, channel=Channel.LETTER)


def _title(ending: Ending) -> str:
    return _("All news") if ending.is_of_all else title_of(ending.topic, ending.medium)

"""The page of who ordered by phone, behind the link in the letter: no account, no counting id, nothing by a GET."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import translate_url
from django.views.decorators.http import require_POST, require_safe

from cabinet.orders.models import PhoneOrder
from cabinet.orders.money import tenge
from cabinet.orders.phone_withdrawing import bars, confirm, find, withdraw
from cms_pages.chrome import private_chrome

GONE = 410  # wrong, too old or replaced: nobody learns which


@require_safe
def phone_order(request: HttpRequest, token: str) -> HttpResponse:
    known = find(token)
    if known is None:
        return _gone(request)
    order = known.order
    context = {
        "known": known,
        "order": order,
        "token": token,
        "total": tenge(order.total),
        "lines": [(line, tenge(line.cost)) for line in order.lines.all()],
        "consent": order.consent,
        "bars": bars(order),
        "is_of_account": order.customer_id is not None,
        "is_unbegun": order.status == "placed",
    }
    return _page(request, "orders/phone_order.html", context)


@require_POST
def phone_order_confirm(request: HttpRequest, token: str) -> HttpResponse:
    return _done(request, token, confirm)


@require_POST
def phone_order_withdraw(request: HttpRequest, token: str) -> HttpResponse:
    return _done(request, token, withdraw)


def _done(request: HttpRequest, token: str, deed: Any) -> HttpResponse:
    known: PhoneOrder | None = find(token)
    if known is None:
        return _gone(request)
    deed(known)
    return redirect("phone_order", token)


def _gone(request: HttpRequest) -> HttpResponse:
    return _page(request, "orders/phone_order_gone.html", {}, GONE)


def _page(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    chrome = private_chrome(request)
    for language in chrome.languages:
        language.url, language.missing = translate_url(request.get_full_path(), language.code), False
    response = render(request, template, {**context, "chrome": chrome}, status=status)
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "no-referrer"  # the address is the key
    return response

"""Whose pages the cabinet's are."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from cabinet.customers.actions import AccountClosed
from cabinet.customers.models import Customer

Rest = ParamSpec("Rest")
View = Callable[Concatenate[HttpRequest, Rest], HttpResponseBase]
Gate = Callable[[Any], HttpResponseBase | None]

gates: list[Gate] = []


def gate(ask: Gate) -> Gate:
    """Have this asked before each page of the cabinet opens; what it answers is shown instead."""
    if ask not in gates:
        gates.append(ask)
    return ask


def for_customers(view: View[Rest]) -> View[Rest]:
    """Open a page to signed-in customers alone; `request.customer` is who asks. Staff have no cabinet: 404.

    Who is erased while a page is being made is led to where everybody signs in.
    """

    @wraps(view)
    @login_required
    def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        request.customer = getattr(request.user, "customer", None)  # read with the account (backends.py)
        if request.customer is None:
            raise Http404
        for ask in gates:
            if (instead := ask(request)) is not None:
                return instead
        try:
            return view(request, *args, **kwargs)
        except (AccountClosed, Customer.DoesNotExist):  # erased by a worker while this page was being made
            return redirect(settings.LOGIN_URL)

    return guarded

"""Pages of accounts that django-allauth has not."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from cabinet.customers.email_changes import find_change, undo

GONE = 410


@require_http_methods(["GET", "HEAD", "POST"])
def undo_email(request: HttpRequest, token: str) -> HttpResponse:
    """Let the owner of the old address take a change back; opening the link changes nothing."""
    if request.method != "POST":
        change = find_change(token)
        return page(request, {"change": change}, found=change is not None)
    change = undo(token)
    if change is not None:
        get_adapter().send_mail("account/email/email_restored", change.new_email, {})
    return page(request, {"done": change is not None}, found=change is not None)


def page(request: HttpRequest, context: dict[str, object], *, found: bool) -> HttpResponse:
    """Return the page of the link, alive or dead."""
    return render(request, "account/email_undo.html", context, status=200 if found else GONE)

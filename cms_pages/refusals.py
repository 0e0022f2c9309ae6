"""Tells a person in the admin what became of their wish: why it was refused, or which edition it sealed."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.db.models import ProtectedError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext

from cms_pages.telling import telling


class Refused(Exception):
    """What was asked may not happen now; `reasons` are sentences for whoever asked."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(*reasons)
        self.reasons = reasons


class TellRefusals:
    """Middleware: a refusal becomes a message on the page the person came from, a sealed edition on the next one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on and tell which editions it has sealed."""
        with telling(request):
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a refusal; anything else is not ours."""
        reasons = _reasons(request, exception)
        if not reasons:
            return None
        for reason in reasons:
            messages.error(request, reason)
        url = _where_from(request)
        if request.headers.get("X-Requested-With") == "XMLHttpRequest":
            # Wagtail's dialogs follow this, and the page they lead to shows the message.
            return JsonResponse({"step": "success", "redirect": url})
        return redirect(url)


def _reasons(request: HttpRequest, exception: Exception) -> tuple[str, ...]:
    if isinstance(exception, Refused):
        return exception.reasons
    if isinstance(exception, ProtectedError) and request.path_info.startswith("/admin/"):
        return (
            gettext(
                "This cannot be deleted: sealed editions refer to it, and they are kept. "
                "To end somebody’s access, deactivate the account instead."
            ),
        )
    return ()


def _where_from(request: HttpRequest) -> str:
    referer = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(referer, {request.get_host()}, require_https=request.is_secure()):
        return referer
    return resolve_url("wagtailadmin_home")

"""The headers that tell browsers what our pages may do: a fixed policy for public pages, one with a nonce for staff."""

from __future__ import annotations

from typing import Any

from csp.constants import HEADER, NONCE, NONE, SELF
from csp.middleware import CSPMiddleware
from csp.utils import build_policy, default_config
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

# The same for everybody and for ever, so that a cached page carries no nonce somebody else could learn.
PUBLIC_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)

# Cabinet, accounts and error pages; django-csp leaves the nonce out where no template asked for it.
DIRECTIVES: dict[str, Any] = {
    "default-src": [NONE],
    "script-src": [SELF, NONCE],
    "style-src": [SELF, NONCE],
    "img-src": [SELF, "data:"],
    "font-src": [SELF],
    "connect-src": [SELF],
    "manifest-src": [SELF],
    "base-uri": [NONE],
    "form-action": [SELF],
    "frame-ancestors": [NONE],
}

# Wagtail shows a chosen picture before its upload (blob:) and the page being edited in a frame of its own.
ADMIN_ADDS: dict[str, Any] = {"img-src": ["blob:"], "frame-src": [SELF]}

PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "browsing-topics",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "payment",
        "usb",
    )
)


class ContentPolicy(CSPMiddleware):
    """Give every answer its Content-Security-Policy; only Django's own failure page under DEBUG goes without."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Choose the policy by what the answer is: public, of Wagtail's admin, or any other."""
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if settings.DEBUG and response.status_code == 500:
            return response
        # A preview comes with the policy of the page it shows, which the admin may not frame.
        if HEADER not in response.headers or in_admin(request):
            response.headers[HEADER] = policy_for(request, response)
        return response


def in_admin(request: HttpRequest) -> bool:
    """Tell whether the request is Wagtail's."""
    return request.path_info.startswith("/admin/")


def policy_for(request: HttpRequest, response: HttpResponseBase) -> str:
    """Return the policy of this answer."""
    if getattr(response, "is_public", False) and not in_admin(request):
        return PUBLIC_POLICY
    # Wagtail says SAMEORIGIN for what its preview panel frames, and for nothing else.
    framed = response.headers.get("X-Frame-Options") == "SAMEORIGIN"
    return build_policy(
        config=default_config(settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]),
        update=ADMIN_ADDS if in_admin(request) else {},
        replace={"frame-ancestors": [SELF]} if framed else {},
        nonce=getattr(request, "_csp_nonce", None),
    )


def static_file_headers(headers: Any, path: str, url: str) -> None:
    """Keep other sites from embedding our files; WhiteNoise calls this for each."""
    headers["Cross-Origin-Resource-Policy"] = "same-origin"

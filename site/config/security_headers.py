"""The headers that tell browsers what our pages may do: a fixed policy for public pages, one with a nonce for staff."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from csp.constants import HEADER, NONCE, NONE, SELF
from csp.middleware import CSPMiddleware
from csp.utils import build_policy, default_config
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from config.env import ROOT


def source_of(element: str) -> str:
    """Return the source expression of an inline script, which stands for its bytes between the tags (CSP 3, 8.3)."""
    script = element.strip().removeprefix("<script>").removesuffix("</script>")
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


# The one script in the page itself: it hides an answered banner before the first paint.
STATE_SCRIPT = source_of((ROOT / "site/templates/cms_pages/cookie_state.html").read_text())

# The same for everybody and for ever, so that a cached page carries no nonce somebody else could learn.
PUBLIC_POLICY = (
    f"default-src 'none'; script-src 'self' {STATE_SCRIPT}{{hosts}}; style-src 'self'; img-src 'self' data:{{hosts}}; "
    "font-src 'self'; connect-src 'self'{hosts}; {frames}base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)


def public_policy(hosts: tuple[str, ...] = ()) -> str:
    """Return the policy of a public page; `hosts` are those that cookie groups declare, for what waits for a yes."""
    named = "".join(f" https://{host}" for host in hosts)
    return PUBLIC_POLICY.format(hosts=named, frames=f"frame-src{named}; " if hosts else "")


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

# No page of ours needs anything of this. Where all scripts are our own and nothing is framed, as on most public pages,
# the first four say it as well, and each reader is spared the bytes of the others.
NEVER_PUBLIC = ("browsing-topics", "camera", "geolocation", "microphone")
NEVER = ("accelerometer", "display-capture", "gyroscope", "magnetometer", "payment", "usb")


def permissions(*features: str) -> str:
    """Return the policy that refuses these features to the page and its frames."""
    return ", ".join(f"{feature}=()" for feature in sorted(features))


PUBLIC_PERMISSIONS, PERMISSIONS = permissions(*NEVER_PUBLIC), permissions(*NEVER_PUBLIC, *NEVER)


class ContentPolicy(CSPMiddleware):
    """Give every answer its Content-Security-Policy; only Django's own failure page under DEBUG goes without."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Choose the policy by what the answer is: public, of Wagtail's admin, or any other."""
        ours_alone = is_public(request, response) and not getattr(response, "hosts", ())
        response.headers.setdefault("Permissions-Policy", PUBLIC_PERMISSIONS if ours_alone else PERMISSIONS)
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


def is_public(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Tell whether the answer is the same for everybody."""
    return getattr(response, "is_public", False) and not in_admin(request)


def policy_for(request: HttpRequest, response: HttpResponseBase) -> str:
    """Return the policy of this answer."""
    if is_public(request, response):
        return public_policy(getattr(response, "hosts", ()))
    # Wagtail says SAMEORIGIN for what its preview panel frames, and for nothing else.
    framed = response.headers.get("X-Frame-Options") == "SAMEORIGIN"
    return build_policy(
        config=default_config(settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]),
        update={**(ADMIN_ADDS if in_admin(request) else {}), **getattr(response, "policy_adds", {})},
        replace={"frame-ancestors": [SELF]} if framed else {},
        nonce=getattr(request, "_csp_nonce", None),
    )


def static_file_headers(headers: Any, path: str, url: str) -> None:
    """Keep other sites from embedding our files; WhiteNoise calls this for each."""
    headers["Cross-Origin-Resource-Policy"] = "same-origin"

"""Where a request comes from, for a form that is the same for everybody and so bears no token (trust.md, s07)."""

from __future__ import annotations

from django.http import HttpRequest


def from_this_site(request: HttpRequest) -> bool:
    """Say whether the browser vouches that a page of this very origin sent the request; silence is no."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    told = [site == "same-origin"] * (site is not None)
    told += [origin == f"{request.scheme}://{request.get_host()}"] * (origin is not None)
    return bool(told) and all(told)

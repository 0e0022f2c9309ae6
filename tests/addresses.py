"""Every address of the site, and whose it is: public, customer, staff or machine (trust.md, s01)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, get_resolver
from django.utils.translation import override

# Ours by their exact route, so that a new one must be thought about; foreign packages by where they are mounted.
ROUTES = {
    "": "public",
    "ru/": "public",
    "ru/<slug:slug>/": "public",
    "ru/<slug:slug>/print/": "public",
    "ru/<slug:slug>/data/": "public",
    "ru/<slug:slug>/clauses/<slug:anchor>/": "public",
    "ru/<slug:slug>/editions/": "public",
    "ru/<slug:slug>/editions/feed/": "public",
    "ru/<slug:slug>/editions/<edition:number>/": "public",
    "ru/<slug:slug>/editions/<edition:number>/print/": "public",
    "ru/<slug:slug>/editions/<edition:number>/text/": "public",
    "ru/<slug:slug>/editions/<edition:older>...<edition:newer>/": "public",
    "ru/^((?:[\\w\\-]+/)*)$": "public",
    "ru/cookies/": "public",
    "ru/cookies/receipts/": "customer",
    "ru/^cookies/receipts/(?P<public_id>(?:[A-Z2-7]{4}-){3}[A-Z2-7]{4})/$": "customer",
    "ru/letters/": "customer",
    "ru/erasure/<str:token>/": "customer",  # of who had an account
    "ru/orders/phone/<slug:token>/": "customer",  # of whoever has the link, signed in or out
    "ru/orders/phone/<slug:token>/confirm/": "customer",
    "ru/orders/phone/<slug:token>/withdraw/": "customer",
    "cookies/choice/": "customer",
    "cookies/state.css": "customer",
    "api/": "machine",
    "api/docs": "machine",
    "api/openapi.json": "machine",
    "api/v1/events/": "machine",
    "api/v1/hooks/<name>/": "machine",
    "unsubscribe/<str:token>/": "machine",  # mail services post it, people open it
    "robots.txt": "public",
    "sitemap.xml": "public",
    "livez": "machine",
    "readyz": "machine",
    ".well-known/security.txt": "machine",
}
CATCH_ALL = "everything else is a 404"
PREFIXES = {"admin/": "staff", "ru/accounts/": "customer", "ru/cabinet/": "customer"}


def all_routes() -> list[str]:
    """Return every route of the resolver, with the Russian prefix for addresses that have a language."""
    with override("ru"):
        return [route for route, _pattern in _walk(get_resolver().url_patterns)]


def _walk(patterns: list[Any], prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route, pattern
        else:
            yield from _walk(pattern.url_patterns, route)


def audience(route: str) -> str | None:
    """Return whose the route is; None when nobody has said."""
    if route in ROUTES:
        return ROUTES[route]
    return next((whose for prefix, whose in PREFIXES.items() if route.startswith(prefix)), None)


def without_parameters(whose: str) -> list[str]:
    """Return the addresses of an audience that can be asked for as they stand."""
    plain = (route for route in all_routes() if audience(route) == whose)
    return sorted({f"/{route}" for route in plain if not set(route) & set("<>^$()")})

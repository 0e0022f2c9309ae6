"""What stands around every page of the cabinet: the site's frame, and the way to the other pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse, translate_url
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cms_pages.chrome import Chrome, private_chrome

PAGES = {  # name of the address, and what the page is called
    "cabinet": _("Overview"),
    "orders": _("Orders"),
    "bonuses": _("Bonuses"),
    "profile": _("Profile"),
    "addresses": _("Addresses"),
    "subscriptions": _("Subscriptions"),
    "consents": _("Consents"),
    "my_data": _("My data"),
    "mfa_index": _("Sign-in and security"),
}


@dataclass(frozen=True)
class Place:
    """A page one can go to."""

    title: Any
    url: str
    here: bool


def cabinet_frame(request: HttpRequest) -> dict[str, Any]:
    """Return the frame of a cabinet page, asked for only when it is drawn; nothing for other pages."""
    if not request.path_info.startswith(f"/{get_language()}/cabinet/"):
        return {}
    return {"chrome": SimpleLazyObject(lambda: _chrome(request)), "places": places(request.path_info)}


def _chrome(request: HttpRequest) -> Chrome:
    chrome = private_chrome(request)
    for language in chrome.languages:
        language.url, language.missing = translate_url(request.get_full_path(), language.code), False
    return chrome


def places(path: str) -> list[Place]:
    """Return the cabinet's pages; the one that `path` is or stands below is here."""
    urls = {name: reverse(name) for name in PAGES}
    below = max((url for url in urls.values() if path.startswith(url)), key=len, default="")
    return [Place(title, urls[name], urls[name] == below) for name, title in PAGES.items()]

"""What stands around the account pages: the site's name and the same page in the other languages."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.translation import get_language
from wagtail.models import Site


def account_chrome(request: HttpRequest) -> dict[str, Any]:
    """Return the frame of an account page, nothing for other pages, which bring their own."""
    language = get_language() or settings.LANGUAGE_CODE
    if not request.path_info.startswith((f"/{language}/accounts/", f"/{language}/letters/", f"/{language}/erasure/")):
        return {}
    site = Site.find_for_request(request)
    languages = [
        {
            "code": code,
            "name": settings.LANGUAGE_NAMES[code],
            "url": translate_url(request.get_full_path(), code),
            "current": code == language,
        }
        for code, _name in settings.LANGUAGES
    ]
    name = (site and site.site_name) or settings.WAGTAIL_SITE_NAME
    return {"chrome": SimpleNamespace(site_name=name, home_url=f"/{language}/", languages=languages)}

"""Puts the starter's cookie groups and the banner's words into the database."""

from __future__ import annotations

import tomllib
from typing import Any

from django.conf import settings

from cms_pages.cookies import seal_banner
from cms_pages.models import CookieBanner, CookieDeclaration, CookieGroup
from cms_pages.starter.texts import FOLDER


def load_cookies(*, optional: bool, author: Any = None) -> None:
    """Load groups and words where there are none; without `optional` only what the site itself needs to work."""
    content = tomllib.loads((FOLDER / "cookies.toml").read_text(encoding="utf-8"))
    if not CookieBanner.objects.exists():
        CookieBanner.objects.create(**content["banner"])
    if CookieGroup.objects.exists():
        return
    for fields in content["groups"]:
        if optional or fields["is_required"]:
            _group(fields)
    seal_banner(author=author)


def _group(fields: dict[str, Any]) -> None:
    cookies = fields.pop("cookies")
    group = CookieGroup.objects.create(**fields)
    for cookie in cookies:
        setting = cookie.pop("setting", None)
        name = getattr(settings, setting) if setting else cookie.pop("name")
        CookieDeclaration.objects.create(group=group, name=name, **cookie)

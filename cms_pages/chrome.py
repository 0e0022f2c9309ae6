"""What stands around the text of a public page: names, documents, languages, operator. One query."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db.models import Exists, F, FilteredRelation, OuterRef, Q
from django.http import HttpRequest
from django.utils.translation import get_language, get_language_info
from wagtail.models import Page, Site

from cms_pages.models import Edition


@dataclass
class Language:
    """A language of the switch; `url` leads to this page in it, or to its front page when the page is missing."""

    code: str
    name: str
    url: str
    current: bool
    missing: bool


@dataclass
class Chrome:
    """The frame of a page; an empty one serves the error pages, which must not need the database."""

    site_name: str = "Kelisim"
    home_url: str = ""
    documents: list[dict[str, Any]] = field(default_factory=list)
    languages: list[Language] = field(default_factory=list)
    operator: dict[str, str] = field(default_factory=dict)


def chrome_for(request: HttpRequest, page: Page | None = None, suffix: str = "") -> Chrome:
    """Return the frame for this page; `suffix` is the part of the address behind the page's own."""
    site = Site.find_for_request(request)
    rows = list(_rows(site)) if site else []
    language = get_language()
    own = [row for row in rows if row["locale__language_code"] == language]
    home = next((row for row in own if row["edition"] is False), None)
    key = page.translation_key if page else home and home["translation_key"]
    return Chrome(
        site_name=home["title"] if home else "Kelisim",
        home_url=f"/{language}/",
        documents=[{"title": row["title"], "url": f"/{language}/{row['slug']}/"} for row in own if row["edition"]],
        languages=[_language(code, language, rows, key, suffix) for code, _name in settings.LANGUAGES],
        operator={name: own[0][name] or "" for name in OPERATOR_FIELDS} if own else {},
    )


OPERATOR_FIELDS = ("legal_name", "bin", "privacy_email", "phone")


def _rows(site: Site) -> Any:
    """Return home pages and published documents of the site in every language, each with the operator in its own."""
    roots = [path.root_path for path in Site.get_site_root_paths() if path.site_id == site.pk]
    below = Q(pk__in=[])
    for root in roots:
        below |= Q(url_path=root) | Q(url_path__startswith=root, legaldocumentpage__isnull=False)
    return (
        Page.objects.live()
        .filter(below)
        .annotate(
            edition=Exists(Edition.objects.filter(page=OuterRef("pk"))),
            texts=FilteredRelation("locale__operator_texts", condition=Q(locale__operator_texts__card__site=site.pk)),
            legal_name=F("texts__legal_name"),
            bin=F("texts__card__bin"),
            privacy_email=F("texts__card__privacy_email"),
            phone=F("texts__card__phone"),
        )
        .filter(Q(edition=True) | Q(legaldocumentpage__isnull=True))
        .order_by("path")
        .values("title", "slug", "translation_key", "locale__language_code", "edition", *OPERATOR_FIELDS)
    )


def _language(code: str, current: str | None, rows: list[dict[str, Any]], key: Any, suffix: str) -> Language:
    here = next((r for r in rows if r["locale__language_code"] == code and r["translation_key"] == key), None)
    url = f"/{code}/" if here is None or not here["edition"] else f"/{code}/{here['slug']}/{suffix}"
    return Language(code, get_language_info(code)["name_local"], url, code == current, here is None)




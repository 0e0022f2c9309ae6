"""What stands around the text of a public page: names, documents, languages, operator. One query."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db.models import Count, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, JSONObject, Now
from django.http import HttpRequest
from django.utils.translation import get_language
from wagtail.models import Page, Site, SiteRootPath

from cms_pages.known_query import KnownQuery
from cms_pages.models import Edition, OperatorText
from cms_pages.models.operator import CARD_FIELDS


@dataclass
class Language:
    """A language of the switch; `url` leads to this page in it, or to its front page when the page is missing."""

    code: str
    name: str
    url: str
    current: bool
    missing: bool
    level: int = 0


@dataclass
class Chrome:
    """The frame of a page; an empty one serves the error pages, which must not need the database."""

    site_name: str = "Kelisim"
    home_url: str = ""
    documents: list[dict[str, Any]] = field(default_factory=list)
    languages: list[Language] = field(default_factory=list)
    operator: dict[str, str] = field(default_factory=dict)

    def ahead_of(self, level: int) -> list[Language]:
        """Return the languages in which this document has come further than this level (publishing.level_of)."""
        return [language for language in self.languages if language.level > level]


def chrome_for(request: HttpRequest, page: Page | None = None, suffix: str = "", number: int = 0) -> Chrome:
    """Return the frame for this page; `suffix` is the part of the address behind the page's own.

    Where another language has no edition `number` yet, its link leads to its archive.
    """
    rows = _rows(*site_paths(request))
    language = get_language()
    own = [row for row in rows if row["locale__language_code"] == language]
    home = next((row for row in own if row["editions"] is None), None)
    key = page.translation_key if page else home and home["translation_key"]
    return Chrome(
        site_name=home["title"] if home else "Kelisim",
        home_url=f"/{language}/",
        documents=[
            {"title": row["name"], "url": f"/{language}/{row['slug']}/"} for row in own if row["editions"] is not None
        ],
        languages=[_language(code, language, rows, key, (suffix, number)) for code, _name in settings.LANGUAGES],
        operator=(own[0]["operator"] or {}) if own else {},
    )


def site_paths(request: HttpRequest) -> list[SiteRootPath]:
    """Return where the request's site begins in each language; with one site, from the cache alone."""
    paths = Site.get_site_root_paths()
    if len({path.site_id for path in paths}) > 1:
        site = Site.find_for_request(request)
        return [path for path in paths if site and path.site_id == site.pk]
    return list(paths)


@KnownQuery
def _rows(*paths: SiteRootPath) -> Any:
    """Return home pages and published documents of the site in every language, each with the operator in its own."""
    below = Q(pk__in=[])
    for path in paths:
        below |= Q(url_path=path.root_path) | Q(url_path__startswith=path.root_path, legaldocumentpage__isnull=False)
    site_id = paths[0].site_id if paths else None
    counts = JSONObject(total=Count("pk"), level=Max("level"))
    editions = Edition.objects.filter(page=OuterRef("pk")).order_by().values("page").values(counts=counts)
    # An announced title is not used before its day; which day it is the database may say, a footer waits for nobody.
    in_force = Edition.objects.filter(page=OuterRef("pk"), in_force_from__lte=Now()).order_by("-number")
    operator = OperatorText.objects.filter(locale=OuterRef("locale"), card__site=site_id).values(
        found=JSONObject(legal_name="legal_name", **{name: f"card__{name}" for name in CARD_FIELDS})
    )
    return (
        Page.objects.live()
        .filter(below)
        .annotate(
            editions=Subquery(editions[:1]),
            operator=Subquery(operator[:1]),
            name=Coalesce(Subquery(in_force.values("title")[:1]), "title"),
        )
        .filter(Q(editions__isnull=False) | Q(legaldocumentpage__isnull=True))
        .order_by("path")
        .values("title", "name", "slug", "translation_key", "locale__language_code", "editions", "operator")
    )


def _language(code: str, current: str | None, rows: list[dict[str, Any]], key: Any, place: tuple[str, int]) -> Language:
    here = next((r for r in rows if r["locale__language_code"] == code and r["translation_key"] == key), None)
    editions = (here and here["editions"]) or {"total": 0, "level": 0}
    return Language(
        code=code,
        name=settings.LANGUAGE_NAMES[code],
        url=_url(code, here, *place),
        current=code == current,
        missing=here is None,
        level=editions["level"],
    )


def _url(code: str, row: dict[str, Any] | None, suffix: str, number: int) -> str:
    if row is None or row["editions"] is None:
        return f"/{code}/"
    if number > row["editions"]["total"]:
        suffix = "editions/"
    return f"/{code}/{row['slug']}/{suffix}"

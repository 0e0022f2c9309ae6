"""What stands around the text of a public page: names, documents, languages, operator, banner. One query."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

from django.conf import settings
from django.db.models import Case, Exists, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce, JSONObject, Now
from django.http import HttpRequest
from django.utils.translation import get_language
from wagtail.models import Page, Site, SiteRootPath

from cms_pages.known_query import KnownQuery, Rows
from cms_pages.models import BannerEdition, Edition, OperatorText
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
    cookies: dict[str, Any] | None = None  # what the banner asks (cookies.content); None where nothing was sealed

    @property
    def optional_hosts(self) -> tuple[str, ...]:
        """Return the other sites that something on the page may be loaded from, once the visitor allows it."""
        groups = (self.cookies or {}).get("groups", [])
        return tuple(sorted({host for group in groups if not group["required"] for host in group["hosts"]}))

    def ahead_of(self, level: int) -> list[Language]:
        """Return the languages in which this document has come further than this level (publishing.level_of)."""
        return [language for language in self.languages if language.level > level]


class Translated(Protocol):
    """Whatever has translations: a page, a shelf."""

    @property
    def translation_key(self) -> Any:
        """Return what it has in common with its translations."""


def chrome_rows(request: HttpRequest, page: Translated | None = None) -> Rows:
    """Return all that decides the frame of this page, and little else."""
    return _rows.rows(get_language(), page.translation_key if page else None, *site_paths(request))


def chrome_for(
    request: HttpRequest, page: Translated | None = None, suffix: str = "", number: int = 0, found: Rows | None = None
) -> Chrome:
    """Return the frame for this page; `suffix` is the part of the address behind the page's own.

    Where another language has no edition `number` yet, its link leads to its archive. `found` spares the query.
    """
    language = get_language()
    rows = (found or chrome_rows(request, page)).named()
    own = [row for row in rows if row["locale__language_code"] == language]
    home = next((row for row in own if row["home"]), None)
    return Chrome(
        site_name=home["title"] if home else "Kelisim",
        home_url=f"/{language}/",
        documents=[
            {"title": row["name"], "slug": row["slug"], "url": f"/{language}/{row['slug']}/"}
            for row in own
            if not row["home"]
        ],
        languages=[_language(code, language, rows, (suffix, number)) for code, _name in settings.LANGUAGES],
        operator=(own[0]["operator"] or {}) if own else {},
        cookies=home["banner"] if home and not getattr(request, "is_preview", False) else None,
    )


def private_chrome(request: HttpRequest) -> Chrome:
    """Return the frame for a page of one person: nothing is asked there, and nothing optional is loaded."""
    chrome = chrome_for(request)
    chrome.cookies = None
    return chrome


def site_paths(request: HttpRequest) -> list[SiteRootPath]:
    """Return where the request's site begins in each language; with one site, from the cache alone."""
    found: list[SiteRootPath] | None = getattr(request, "site_paths", None)
    if found is None:
        found = request.site_paths = _site_paths(request)  # type: ignore[attr-defined]
    return found


def _site_paths(request: HttpRequest) -> list[SiteRootPath]:
    paths = Site.get_site_root_paths()
    if len({path.site_id for path in paths}) > 1:
        site = Site.find_for_request(request)
        return [path for path in paths if site and path.site_id == site.pk]
    return list(paths)


@KnownQuery
def _rows(language: str | None, key: Any, *paths: SiteRootPath) -> Any:
    """Return the site's home page and published documents in the language, and one page in every language.

    That one is what bears the key, None: the home page. Each comes with the operator in its own language.
    """
    below = Q(pk__in=[])
    for path in paths:
        below |= Q(url_path=path.root_path) | Q(url_path__startswith=path.root_path, legaldocumentpage__isnull=False)
    this = Q(translation_key=key) if key else Q(legaldocumentpage__isnull=True)
    site_id = paths[0].site_id if paths else None
    of_page = Edition.objects.filter(page=OuterRef("pk")).order_by("-number")
    # Numbers have no gap and levels never fall: the newest edition tells both. Each look at an edition's row is dear,
    # for the database finds its later columns behind its long texts; so nothing is asked of rows that do not show it.
    newest = Subquery(of_page.values(found=JSONObject(number="number", level="level"))[:1])
    # An announced title is not used before its day; which day it is the database may say, a footer waits for nobody.
    # Which day, it need not say where all editions bear the same title.
    renamed = Exists(of_page.exclude(title=OuterRef("title")))
    in_force = Subquery(of_page.filter(in_force_from__lte=Now()).values("title")[:1])
    operator = OperatorText.objects.filter(locale=OuterRef("locale"), card__site=site_id).values(
        found=JSONObject(legal_name="legal_name", **{name: f"card__{name}" for name in CARD_FIELDS})
    )
    banner = BannerEdition.objects.filter(language=OuterRef("locale__language_code")).values("content")
    own, home = Q(locale__language_code=language), Q(legaldocumentpage__isnull=True)
    return (
        Page.objects.live()
        .filter(below & (own | this))
        .filter(home | Exists(of_page))
        .annotate(
            this=Case(When(this, then=1), default=0),
            home=Case(When(home, then=1), default=0),
            newest=Case(When(this, then=newest)),
            operator=Case(When(own, then=Subquery(operator[:1]))),
            banner=Case(When(own & home, then=Subquery(banner[:1]))),
            name=Coalesce(Case(When(own & renamed, then=in_force)), "title"),
        )
        .order_by("path")
        .values("this", "home", "title", "name", "slug", "locale__language_code", "newest", "operator", "banner")
    )


def _language(code: str, current: str | None, rows: list[dict[str, Any]], place: tuple[str, int]) -> Language:
    here = next((row for row in rows if row["locale__language_code"] == code and row["this"]), None)
    newest = (here and here["newest"]) or {"number": 0, "level": 0}
    return Language(
        code=code,
        name=settings.LANGUAGE_NAMES[code],
        url=_url(code, here, newest["number"], *place),
        current=code == current,
        missing=here is None,
        level=newest["level"],
    )


def _url(code: str, row: dict[str, Any] | None, newest: int, suffix: str, number: int) -> str:
    if row is None or row["home"]:
        return f"/{code}/"
    if number > newest:
        suffix = "editions/"
    return f"/{code}/{row['slug']}/{suffix}"

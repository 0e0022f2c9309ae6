"""The map for search engines: front pages and documents in every language, dated by their newest edition."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap
from django.db.models import Max, QuerySet
from django.http import HttpRequest, HttpResponse

from cms_pages.models import HomePage, LegalDocumentPage
from cms_pages.public import public


class Documents(Sitemap):
    """Documents with at least one edition; archives and old editions are left to their links."""

    def items(self) -> QuerySet[LegalDocumentPage]:
        """Return them with the day of their newest edition."""
        pages = LegalDocumentPage.objects.live().select_related("locale").order_by("path")
        return pages.annotate(sealed=Max("editions__published_at")).filter(sealed__isnull=False)

    def location(self, item: Any) -> str:
        """Return the document's address."""
        return f"/{item.language}/{item.slug}/"

    def lastmod(self, item: Any) -> datetime:
        """Return when it last changed for readers."""
        sealed: datetime = item.sealed
        return sealed


class FrontPages(Sitemap):
    """The front page of each language."""

    def items(self) -> QuerySet[HomePage]:
        """Return the published ones."""
        return HomePage.objects.live().select_related("locale").order_by("path")

    def location(self, item: Any) -> str:
        """Return its address."""
        return f"/{item.locale.language_code}/"


def sitemap_xml(request: HttpRequest) -> HttpResponse:
    """Answer with the map."""
    return public(sitemap(request, sitemaps={"front": FrontPages, "documents": Documents}).render())


def robots_txt(request: HttpRequest) -> HttpResponse:
    """Tell crawlers where the map is and what is not for them (RFC 9309)."""
    lines = ["User-agent: *", "Disallow: /admin/", f"Sitemap: {request.build_absolute_uri('/sitemap.xml')}"]
    return public(HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8"))

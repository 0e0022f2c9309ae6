"""What visitors see of a document: the edition in force, the archive, one edition, what changed, the feed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from wagtail.models import Site
from wagtail.views import serve as wagtail_serve

from cms_pages.chrome import chrome_for
from cms_pages.models import Edition
from cms_pages.public import public
from cms_pages.publishing import draft_edition

if TYPE_CHECKING:
    from cms_pages.models import LegalDocumentPage

HEAVY = ("html", "canonical_text", "clauses")


class Shelf:
    """The editions of the document at one address, newest first, with the one in force and the one to come."""

    def __init__(self, request: HttpRequest, slug: str, *, whole: bool = False) -> None:
        """Read the editions at this address; raise Http404 where there are none."""
        editions = Edition.objects.filter(page__url_path=_url_path(request, slug)).select_related("page__locale")
        self.editions = list(editions if whole else editions.defer(*HEAVY))
        if not self.editions:
            raise Http404
        self.page: LegalDocumentPage = self.editions[0].page
        now = timezone.now()
        self.in_force = next((edition for edition in self.editions if not edition.is_coming(now)), None)
        self.coming = self.editions[0] if self.editions[0].is_coming(now) else None

    def numbered(self, number: int) -> Edition:
        """Return one edition; raise Http404 when it was never published."""
        for edition in self.editions:
            if edition.number == number:
                return edition
        raise Http404


def _url_path(request: HttpRequest, slug: str) -> str:
    """Return where a document of this slug stands in the page tree of the request's site and language."""
    site = Site.find_for_request(request)
    for path in Site.get_site_root_paths():
        if site and path.site_id == site.pk and path.language_code == get_language():
            return f"{path.root_path}{slug}/"
    raise Http404


def document(request: HttpRequest, slug: str) -> HttpResponse:
    try:
        shelf = Shelf(request, slug, whole=True)
    except Http404:
        return wagtail_serve(request, f"{slug}/")
    return _page(request, "cms_pages/document.html", shelf, edition=shelf.in_force or shelf.coming)


def archive(request: HttpRequest, slug: str) -> HttpResponse:
    return _page(request, "cms_pages/archive.html", Shelf(request, slug), suffix="editions/")


def edition(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    shelf = Shelf(request, slug, whole=True)
    one = shelf.numbered(number)
    return _page(request, "cms_pages/edition.html", shelf, edition=one, suffix=f"editions/{number}/")


def _page(request: HttpRequest, template: str, shelf: Shelf, suffix: str = "", **context: Any) -> HttpResponse:
    chrome = chrome_for(request, shelf.page, suffix)
    response = render(request, template, {"shelf": shelf, "page": shelf.page, "chrome": chrome, **context})
    return public(response, until=shelf.coming.in_force_from if shelf.coming else None)


def to_default_language(request: HttpRequest) -> HttpResponse:
    return redirect(f"/{get_language()}/")


def preview(request: HttpRequest, page: LegalDocumentPage, mode: str) -> HttpResponse:
    last = page.editions.first()  # type: ignore[attr-defined]
    draft = draft_edition(page=page, number=last.number + 1 if last else 1, at=timezone.now())
    return render(request, "cms_pages/document.html", {"page": page, "edition": draft, "chrome": chrome_for(request)})

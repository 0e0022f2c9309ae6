"""What visitors see of a document: the edition in force, the archive, one edition, what changed, links, the feed."""

from __future__ import annotations

from copy import copy
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from wagtail.views import serve as wagtail_serve

from cms_pages.chrome import chrome_for, chrome_rows, site_paths
from cms_pages.comparing import compare
from cms_pages.drafting import draft_edition
from cms_pages.feeds import editions_feed
from cms_pages.models import Edition, HomePage, LegalDocumentPage
from cms_pages.public import entity_tag, public
from cms_pages.shelf import Shelf


def to_default_language(request: HttpRequest) -> HttpResponse:
    return redirect(f"/{get_language()}/")


def home(request: HttpRequest) -> HttpResponse:
    """Answer with the language's front page, without Wagtail's walk through the page tree."""
    path = next((path.root_path for path in site_paths(request) if path.language_code == get_language()), None)
    page = get_object_or_404(HomePage.objects.live().select_related("locale"), url_path=path)
    return page.serve(request)


def document(request: HttpRequest, slug: str) -> HttpResponse:
    try:
        shelf = Shelf(request, slug, whole=None)
    except Http404:
        return wagtail_serve(request, f"{slug}/")
    return _page(request, "document.html", shelf)


def print_view(request: HttpRequest, slug: str, number: int | None = None) -> HttpResponse:
    shelf = Shelf(request, slug, whole=(number,) if number else None)
    if number is None:
        return _page(request, "print.html", shelf, "print/")
    edition = shelf.numbered(number)
    return _page(request, "print.html", shelf, f"editions/{number}/print/", number, edition=edition)


def data_table(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer with the table of personal data of the edition in force; a text without one is shown itself."""
    shelf = Shelf(request, slug, whole=None)
    if shelf.shown is None or not shelf.shown.around_the_table.kinds:
        return redirect(shelf.url)
    return _page(request, "data_table.html", shelf, "data/")


def archive(request: HttpRequest, slug: str) -> HttpResponse:
    return _page(request, "archive.html", Shelf(request, slug), "editions/")


def edition(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    shelf = Shelf(request, slug, whole=(number,))
    return _page(request, "edition.html", shelf, f"editions/{number}/", number, edition=shelf.numbered(number))


def text(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    one = Shelf(request, slug).numbered(number)
    response = HttpResponse(one.canonical_text, content_type="text/plain; charset=utf-8")
    response.headers["Content-Disposition"] = f'inline; filename="{slug}-{one.language}-{number}.txt"'
    return public(response)


def comparison(request: HttpRequest, slug: str, older: int, newer: int) -> HttpResponse:
    if older > newer:
        return redirect("comparison", slug=slug, older=newer, newer=older)
    if older == newer:
        return redirect("edition", slug=slug, number=newer)
    shelf = Shelf(request, slug, whole=(older, newer))
    old, new = shelf.numbered(older), shelf.numbered(newer)
    context = {"older": old, "newer": new, "steps": shelf.after(old, new), "changes": lambda: compare(old, new)}
    return _page(request, "comparison.html", shelf, f"editions/{older}...{newer}/", newer, **context)


def clause(request: HttpRequest, slug: str, anchor: str) -> HttpResponse:
    """Lead to a clause wherever it is: in the text in force, else in the last edition that had it."""
    shelf = Shelf(request, slug)
    uid, editions = shelf.find_clause(anchor)
    if shelf.shown in editions:
        return redirect(f"{shelf.url}#{shelf.shown.anchor_of(uid)}")
    return redirect(f"{shelf.url}editions/{editions[0].number}/#{editions[0].anchor_of(uid)}")


def feed(request: HttpRequest, slug: str) -> HttpResponse:
    shelf, chrome = Shelf(request, slug), chrome_for(request)
    return editions_feed(request, shelf, chrome.operator.get("legal_name") or chrome.site_name)


def _page(
    request: HttpRequest, template: str, shelf: Shelf, suffix: str = "", number: int = 0, **context: Any
) -> HttpResponse:
    """Answer with a public page, or with 304 when what it would show is what the asker has; “*” only asks what that is.

    Nothing is made of what the database answered before that is known.
    """
    around = chrome_rows(request, shelf)
    url = request.build_absolute_uri(f"{shelf.url}{suffix}")
    tag = entity_tag(template, url, around.raw, shelf.key)
    if request.headers.get("If-None-Match") in {tag, "*"}:
        return public(HttpResponseNotModified(headers={"ETag": tag}), until=shelf.changes_at)
    chrome = chrome_for(request, shelf, suffix, number, around)
    frame = {
        "shelf": shelf,
        "page": shelf.page,
        "edition": shelf.shown,
        "chrome": chrome,
        "behind": chrome.ahead_of(shelf.level),
        "canonical_url": url,
    }
    response = render(request, f"cms_pages/{template}", frame | context)
    response.headers["ETag"] = tag
    return public(response, until=shelf.changes_at, hosts=chrome.optional_hosts)


def preview(request: HttpRequest, page: LegalDocumentPage, mode: str) -> HttpResponse:
    """Show an editor the draft as a visitor would meet it, a table in its place; nothing of it is stored or public."""
    # Days are the shop's, whatever zone an editor has chosen for the admin.
    timezone.activate(timezone.get_default_timezone())
    shelf = Shelf.of(page)
    draft = draft_edition(page=page, number=shelf.next_number, at=timezone.now())
    context = {"shelf": shelf, "page": page, "edition": draft, "chrome": chrome_for(request, page), "preview": True}
    if mode == "changes":
        last = shelf.editions[0] if shelf.editions else None
        context |= {"older": last, "newer": draft, "steps": [draft], "changes": compare(last, draft)}
        return render(request, "cms_pages/comparison.html", context)
    if mode == "archive":
        _supersede(shelf, draft)
        return render(request, "cms_pages/edition.html", context)
    return render(request, f"cms_pages/{'print' if mode == 'print' else 'document'}.html", context)


def _supersede(shelf: Shelf, draft: Edition) -> None:
    """Stand the draft where it will stand one day, behind a newer edition; which day that is nobody knows yet."""
    draft.state, draft.in_force_until = "past", draft.in_force_from
    shelf.in_force = shelf.shown = copy(draft)
    shelf.in_force.number += 1
    shelf.in_force.withdrawn = False

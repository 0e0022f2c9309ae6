"""The Atom feed of a document's editions (RFC 4287)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.utils.feedgenerator import Atom1Feed
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.timezone import localtime
from django.utils.translation import gettext

from cms_pages.public import public

if TYPE_CHECKING:
    from cms_pages.models import Edition
    from cms_pages.shelf import Shelf


def editions_feed(request: HttpRequest, shelf: Shelf, author: str) -> HttpResponse:
    """Return the feed, newest edition first; an entry never changes, as its edition never does."""
    url = request.build_absolute_uri(shelf.url)
    feed = Atom1Feed(
        title=shelf.editions[0].title,
        link=url,
        feed_url=f"{url}editions/feed/",
        description=None,
        language=shelf.page.language,
        author_name=author,
    )
    for edition in shelf.editions:
        feed.add_item(**_entry(edition, url))
    response = HttpResponse(content_type="application/atom+xml; charset=utf-8")
    feed.write(response, "utf-8")
    return public(response)


def _entry(edition: Edition, url: str) -> dict[str, Any]:
    begins = date_format(localtime(edition.in_force_from), "DATE_FORMAT")
    return {
        "title": gettext("%(title)s, edition %(number)d, in force from %(date)s")
        % {"title": edition.title, "number": edition.number, "date": begins},
        "link": f"{url}editions/{edition.number}/",
        "unique_id": f"{url}editions/{edition.number}/",
        "description": format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((p,) for p in edition.points))),
        "pubdate": edition.published_at,
        "updateddate": edition.published_at,
    }

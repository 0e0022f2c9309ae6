"""Addresses of a document (house.md, Addresses): a contract, others rely on them."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path, register_converter
from django.urls.converters import IntConverter
from django.views.decorators.http import require_safe

from cms_pages import views


class EditionNumber(IntConverter):
    """A number an edition can bear: from 1, without leading zeros, within the column's range."""

    regex = "[1-9][0-9]{0,5}"


register_converter(EditionNumber, "edition")


def page(route: str, view: Any, name: str) -> URLPattern:
    """Return the address of a public page: it is read, and takes no form that would have it rendered past the cache."""
    return path(route, require_safe(view), name=name)


urlpatterns = [
    page("", views.home, "home"),
    page("<slug:slug>/", views.document, "document"),
    page("<slug:slug>/print/", views.print_view, "document_print"),
    page("<slug:slug>/data/", views.data_table, "data_table"),
    page("<slug:slug>/clauses/<slug:anchor>/", views.clause, "clause"),
    page("<slug:slug>/editions/", views.archive, "archive"),
    page("<slug:slug>/editions/feed/", views.feed, "feed"),
    page("<slug:slug>/editions/<edition:number>/", views.edition, "edition"),
    page("<slug:slug>/editions/<edition:number>/print/", views.print_view, "edition_print"),
    page("<slug:slug>/editions/<edition:number>/text/", views.text, "edition_text"),
    page("<slug:slug>/editions/<edition:older>...<edition:newer>/", views.comparison, "comparison"),
]

"""Addresses of a document (house.md, Addresses): a contract, others rely on them."""

from __future__ import annotations

from django.urls import path, register_converter
from django.urls.converters import IntConverter

from cms_pages import views


class EditionNumber(IntConverter):
    """A number an edition can bear: from 1, without leading zeros, within the column's range."""

    regex = "[1-9][0-9]{0,5}"


register_converter(EditionNumber, "edition")

urlpatterns = [
    path("", views.home, name="home"),
    path("<slug:slug>/", views.document, name="document"),
    path("<slug:slug>/print/", views.print_view, name="document_print"),
    path("<slug:slug>/clauses/<slug:anchor>/", views.clause, name="clause"),
    path("<slug:slug>/editions/", views.archive, name="archive"),
    path("<slug:slug>/editions/feed/", views.feed, name="feed"),
    path("<slug:slug>/editions/<edition:number>/", views.edition, name="edition"),
    path("<slug:slug>/editions/<edition:number>/print/", views.print_view, name="edition_print"),
    path("<slug:slug>/editions/<edition:number>/text/", views.text, name="edition_text"),
    path("<slug:slug>/editions/<edition:older>...<edition:newer>/", views.comparison, name="comparison"),
]

"""Addresses of a document (house.md, Addresses): a contract, others rely on them."""

from __future__ import annotations

from django.urls import path

from cms_pages import views

urlpatterns = [
    path("<slug:slug>/", views.document, name="document"),
    path("<slug:slug>/editions/", views.archive, name="archive"),
    path("<slug:slug>/editions/<int:number>/", views.edition, name="edition"),
]

"""Addresses of accounts that django-allauth has not, and of the customer's own pages below /cabinet/."""

from __future__ import annotations

from django.urls import path

from cabinet.customers import cabinet_views, views

urlpatterns = [
    path("email/undo/<slug:token>/", views.undo_email, name="email_undo"),
]

in_cabinet = [
    path("profile/", cabinet_views.profile, name="profile"),
    path("addresses/", cabinet_views.addresses, name="addresses"),
    path("addresses/add/", cabinet_views.address_add, name="address_add"),
    path("addresses/<slug:public_id>/", cabinet_views.address, name="address"),
    path("addresses/<slug:public_id>/remove/", cabinet_views.address_remove, name="address_remove"),
    path("addresses/<slug:public_id>/restore/", cabinet_views.address_restore, name="address_restore"),
]

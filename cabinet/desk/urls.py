"""Addresses of the customer's requests, below /cabinet/."""

from __future__ import annotations

from django.urls import path

from cabinet.desk import views

in_cabinet = [
    path("data/requests/", views.requests, name="data_requests"),
    path("data/requests/new/", views.new, name="data_request_new"),
    path("data/requests/<slug:public_id>/", views.one, name="data_request"),
    path("orders/<str:address>/objection/", views.objection, name="order_objection"),
]

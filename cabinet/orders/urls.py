"""Addresses of the customer's orders, below /cabinet/."""

from __future__ import annotations

from django.urls import path

from cabinet.orders import views

in_cabinet = [
    path("orders/", views.orders, name="orders"),
    path("orders/~mine/", views.claim, name="orders_claim"),  # no number begins with ~
    path("orders/~mine/one/", views.claim_one, name="orders_claim_one"),
    path("orders/<str:address>/", views.order, name="order"),
]

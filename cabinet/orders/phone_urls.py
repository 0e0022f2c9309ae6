"""Addresses of the page of who ordered by phone; the word in them is the key."""

from __future__ import annotations

from django.urls import path

from cabinet.orders import phone_link

urlpatterns = [
    path("orders/phone/<slug:token>/", phone_link.phone_order, name="phone_order"),
    path("orders/phone/<slug:token>/confirm/", phone_link.phone_order_confirm, name="phone_order_confirm"),
    path("orders/phone/<slug:token>/withdraw/", phone_link.phone_order_withdraw, name="phone_order_withdraw"),
]

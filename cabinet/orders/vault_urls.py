"""The address at which a customer says where a refund goes, below /cabinet/."""

from __future__ import annotations

from django.urls import path

from cabinet.orders import vault_views

in_cabinet = [path("orders/<str:address>/refund/", vault_views.order_refund, name="order_refund")]

"""The cabinet's front door."""

from __future__ import annotations

from django.urls import path

from cabinet.bonuses.urls import in_cabinet as bonuses
from cabinet.consents.urls import in_cabinet as consents
from cabinet.customers.urls import in_cabinet as customers
from cabinet.desk.urls import in_cabinet as requests
from cabinet.orders.urls import in_cabinet as orders
from cabinet.orders.vault_urls import in_cabinet as refunds
from cabinet.overview import overview
from cabinet.privacy.urls import in_cabinet as privacy

urlpatterns = [
    path("", overview, name="cabinet"),
    *orders,
    *refunds,
    *bonuses,
    *customers,
    *consents,
    *privacy,
    *requests,
]

"""The page of bonuses in the cabinet."""

from __future__ import annotations

from django.urls import path

from cabinet.bonuses import views

in_cabinet = [path("bonuses/", views.bonuses, name="bonuses")]

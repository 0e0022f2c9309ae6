"""Addresses of letters."""

from __future__ import annotations

from django.urls import path

from cabinet.notices import views

urlpatterns = [path("letters/", views.demo_letters, name="demo_letters")]

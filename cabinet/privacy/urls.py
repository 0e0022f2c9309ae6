"""Addresses of one's own data, below /cabinet/."""

from __future__ import annotations

from django.urls import path

from cabinet.privacy import copy_views, erase_views, views

in_cabinet = [
    path("data/", views.my_data, name="my_data"),
    path("data/readers/", views.readers, name="data_readers"),
    path("data/history/", views.history, name="data_history"),
    path("data/erase/", erase_views.erase, name="erase"),
    path("data/erase/thing/<str:key>/", erase_views.erase_thing, name="erase_thing"),
    path("data/erase/account/", erase_views.erase_account, name="erase_account"),
    path("data/erase/account/confirm/", erase_views.erase_confirm, name="erase_confirm"),
    path("data/erase/locked/", erase_views.erase_locked, name="erase_locked"),
    path("data/erase/locked/cancel/", erase_views.erase_cancel, name="erase_cancel"),
    path("data/erase/locked/now/", erase_views.erase_now, name="erase_now"),
    path("data/export/", copy_views.data_copy, name="data_copy"),
    path("data/export/open/", copy_views.open_copy, name="data_copy_open"),
    path("data/export/<str:token>/", copy_views.download, name="data_copy_download"),
]
status = [path("erasure/<str:token>/", erase_views.erasure_status, name="erasure_status")]

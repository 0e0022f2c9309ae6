"""What the desk adds to Wagtail's admin: the queue of requests, and the permission to answer them."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSet

from cabinet.desk.staff import request_viewset


@hooks.register("register_admin_viewset")
def register_requests() -> ViewSet:
    viewset: ViewSet = request_viewset
    return viewset


@hooks.register("register_permissions")
def register_permissions() -> QuerySet[Any]:
    from django.contrib.auth.models import Permission

    return Permission.objects.filter(content_type__app_label="desk")

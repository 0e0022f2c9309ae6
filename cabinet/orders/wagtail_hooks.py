"""What orders add to Wagtail's admin: the desk's screens, and the permissions a shop can give."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSet

from cabinet.orders.staff import order_viewset
from cabinet.orders.staff_glass import break_glass_viewset
from cabinet.orders.staff_refunds import refund_viewset


@hooks.register("register_admin_viewset")
def register_desk() -> list[ViewSet]:
    return [order_viewset, refund_viewset, break_glass_viewset]


@hooks.register("register_permissions")
def register_permissions() -> QuerySet[Any]:
    from django.contrib.auth.models import Permission

    return Permission.objects.filter(content_type__app_label="orders")

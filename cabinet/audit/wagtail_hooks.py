"""What the log of events adds to Wagtail's admin: a list among the reports."""

from __future__ import annotations

from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSet

from cabinet.audit.staff import event_viewset


@hooks.register("register_admin_viewset")
def register_events() -> ViewSet:
    return event_viewset

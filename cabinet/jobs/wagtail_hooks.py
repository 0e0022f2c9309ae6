"""What jobs add to Wagtail's admin: the list of those parked, and a warning while there are some."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.viewsets.base import ViewSet
from wagtail.log_actions import LogActionRegistry

from cabinet.jobs.models import ParkedJob
from cabinet.jobs.staff import VIEW, job_viewset


@hooks.register("register_admin_viewset")
def register_jobs() -> ViewSet:
    return job_viewset


class JobsItem(MenuItem):
    """Shown to those who may see them."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Say whether this person may."""
        return request.user.has_perm(VIEW)


@hooks.register("register_reports_menu_item")
def register_jobs_menu_item() -> MenuItem:
    return JobsItem(_("Parked jobs"), reverse_lazy("jobs:index"), icon_name="warning", order=72)


@hooks.register("register_log_actions")
def name_decisions(actions: LogActionRegistry) -> None:
    actions.register_action("jobs.job.again", _("Try a job again"), _("Had a job tried again"))


@hooks.register("register_permissions")
def register_permissions() -> QuerySet[Any]:
    return Permission.objects.filter(content_type__app_label="jobs")


class ParkedJobsPanel(Component):
    """How many jobs wait for somebody to look at them."""

    order = 41
    template_name = "jobs/admin/parked_jobs_panel.html"

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        """Return their number, nought for who may not see jobs."""
        may_look = parent_context["request"].user.has_perm(VIEW)
        return {"count": ParkedJob.objects.count() if may_look else 0}


@hooks.register("construct_homepage_panels")
def warn_of_parked_jobs(request: HttpRequest, panels: list[Any]) -> None:
    panels.append(ParkedJobsPanel())

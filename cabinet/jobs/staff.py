"""Parked jobs as staff see them: which, how often, when and why; never for whom."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import get_default_timezone, localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.log_actions import log
from wagtail.permissions import register_permission_policy

from cabinet.jobs.models import ParkedJob
from cabinet.jobs.workman import poke_after_commit
from cabinet.looking import LookOnlyPolicy

VIEW, RETRY = "jobs.view_parkedjob", "jobs.retry_parkedjob"


class JobIndexView(IndexView):
    """The parked jobs."""

    def get_base_queryset(self) -> Any:
        """Leave what they were given in the database."""
        return ParkedJob.objects.defer("args_kwargs")

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Say whether this person may have them tried again."""
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        may_retry = self.request.user.has_perm(RETRY)
        for parked in context["object_list"]:
            # A table's cells know neither the request nor its token.
            parked.may_be_retried, parked.token = may_retry, get_token(self.request)
        return context


class ErrorColumn(Column):
    """What went wrong the last time, and a button where somebody may have it tried again."""

    cell_template_name = "jobs/admin/error_cell.html"

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> dict[str, Any]:
        """Give the form its token."""
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        return {**context, "job": instance, "csrf_token": instance.token}


def parked_at(job: ParkedJob) -> str:
    """Return when it failed, by the shop's clock."""
    return date_format(localtime(job.finished_at, get_default_timezone()), "SHORT_DATETIME_FORMAT")


@require_POST
def again(request: HttpRequest, pk: str) -> HttpResponse:
    if not request.user.has_perm(RETRY):
        raise PermissionDenied
    parked = get_object_or_404(ParkedJob.objects.defer("args_kwargs"), pk=pk)
    if parked.try_again():
        log(instance=parked, action="jobs.job.again", user=request.user)
        messages.success(request, _("The job is being tried again."))
        poke_after_commit()
    return redirect("jobs:index")


class JobViewSet(ModelViewSet):
    """Wagtail's own list of jobs that wait for somebody."""

    model = ParkedJob
    name = "jobs"
    icon = "warning"
    menu_label = gettext_lazy("Parked jobs")
    index_view_class = JobIndexView
    copy_view_enabled = False
    # On a phone each job is a card of its name and these facts (static/css/admin.css).
    list_display = [
        Column("name", label=capfirst(pgettext_lazy("job", "job")), sort_key="task_path", classname="title"),
        Column("tries", label=capfirst(pgettext_lazy("job", "tries")), classname="edition-fact"),
        Column(
            "finished_at",
            label=capfirst(pgettext_lazy("job", "last try")),
            accessor=parked_at,
            sort_key="finished_at",
            classname="edition-fact",
        ),
        ErrorColumn("error", label=capfirst(pgettext_lazy("job", "failure"))),
    ]
    list_export = ["task_path", "enqueued_at", "finished_at", "exception_class_path"]
    search_fields: list[str] = []
    ordering = ["-finished_at"]
    form_fields: list[str] = []

    def get_urlpatterns(self) -> list[URLPattern]:
        """Return Wagtail's addresses and ours."""
        return [*super().get_urlpatterns(), path("again/<uuid:pk>/", again, name="again")]


register_permission_policy(ParkedJob, LookOnlyPolicy(ParkedJob, VIEW))
job_viewset = JobViewSet()

"""Requests as who answers them meets them: what is due first on top, and whose they are only with a reason."""

from __future__ import annotations

from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Q
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permissions import register_permission_policy

from cabinet.desk import staff_views
from cabinet.desk.models import Request
from cabinet.desk.seeing import ANSWER
from cabinet.looking import FACT, LookOnlyPolicy, NeverExported, moment


class RequestIndexView(NeverExported):
    """All requests, the open ones first and of these what is due first; whose they are stands nowhere."""

    template_name = "desk/admin/request_list.html"

    def get_base_queryset(self) -> Any:
        """Leave the words and the person in the database."""
        is_answered = ExpressionWrapper(Q(answered_at__isnull=False), output_field=BooleanField())
        found = Request.objects.select_related("order").defer("name", "email", "text", "answer")
        return found.annotate(is_answered=is_answered)


def state_of(request: Request) -> str:
    """Return how it stands, in words: answered, overdue, or how many days are left."""
    if not request.is_open:
        return request.get_outcome_display()  # type: ignore[no-any-return]
    if request.is_overdue:
        return _("overdue")
    left = (timezone.localdate(request.answer_by) - timezone.localdate()).days
    return ngettext("%(count)d day left", "%(count)d days left", left) % {"count": left} if left else _("due today")


class RequestViewSet(ModelViewSet):
    """Wagtail's own list of requests, and one page for each; nothing of it is exported."""

    model = Request
    name = "requests"
    url_prefix = "requests"
    icon = "mail"
    menu_label = gettext_lazy("Requests")
    menu_order = 230
    add_to_admin_menu = True
    index_view_class = RequestIndexView
    copy_view_enabled = False
    list_display = [
        TitleColumn(
            "public_id",
            label=capfirst(pgettext_lazy("request", "number")),
            get_url=lambda request: reverse("requests:request", args=[request.public_id]),
        ),
        Column("kind", label=gettext_lazy("What it is about"), accessor="get_kind_display", classname=FACT),
        Column("state", label=capfirst(gettext_lazy("state")), accessor=state_of, classname=FACT),
        Column(
            "answer_by",
            label=capfirst(gettext_lazy("to be answered by")),
            accessor=moment("answer_by"),
            sort_key="answer_by",
            classname=FACT,
        ),
        Column(
            "order",
            label=capfirst(gettext_lazy("order")),
            accessor=lambda request: request.order.number if request.order else "—",
            classname=FACT,
        ),
    ]
    list_filter = ["kind", "channel", "outcome"]
    list_export: list[str] = []
    search_fields = ["public_id", "order__number"]
    search_backend_name = None
    ordering = ["is_answered", "answer_by", "pk"]
    form_fields: list[str] = []

    def get_urlpatterns(self) -> list[URLPattern]:
        """Return the list and our own pages; nothing here is edited as a row."""
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("new/", staff_views.new, name="new"),
            path("<slug:public_id>/", staff_views.one, name="request"),
            path("<slug:public_id>/reveal/", staff_views.reveal_words, name="reveal"),
            path("<slug:public_id>/answer/", staff_views.give_answer, name="answer"),
        ]


register_permission_policy(Request, LookOnlyPolicy(Request, ANSWER))
request_viewset: Any = RequestViewSet()

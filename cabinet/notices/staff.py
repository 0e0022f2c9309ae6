"""Letters as staff see them: what went out, what could not, and what each kind looks like; never whose words."""

from __future__ import annotations

from typing import Any

import django_filters
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.log_actions import log
from wagtail.permissions import register_permission_policy

from cabinet.looking import LookOnlyPolicy, moment
from cabinet.notices import previews
from cabinet.notices.delivery import give_up, send_again
from cabinet.notices.kinds import kinds
from cabinet.notices.models import Letter, State
from cabinet.notices.postman import poke

RESEND = "notices.resend_letter"
LIST = "letters:index"


class LetterFilter(WagtailFilterSet):
    """By which letters are narrowed down."""

    state = django_filters.ChoiceFilter(choices=State.choices, label=capfirst(pgettext_lazy("letter", "state")))

    class Meta:
        model = Letter
        fields = ["state", "language"]


class LetterIndexView(IndexView):
    """All letters that are not forgotten yet."""

    def get_base_queryset(self) -> Any:
        """Leave the sealed words in the database."""
        return Letter.objects.defer("sealed")

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Call each kind by its subject, and say which letters this person may decide about."""
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        names = names_of_kinds()
        may_decide = self.request.user.has_perm(RESEND)
        for letter in context["object_list"]:
            letter.kind = names.get(letter.template, letter.template)
            letter.token = get_token(self.request)  # a table's cells know neither the request nor its token
            letter.is_to_be_decided = may_decide and letter.state == State.DEAD
        return context


class StateColumn(Column):
    """How far a letter has come, why no farther, and two buttons where somebody may decide."""

    cell_template_name = "notices/admin/state_cell.html"

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> dict[str, Any]:
        """Give the forms their token."""
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        return {**context, "letter": instance, "csrf_token": instance.token}


def names_of_kinds() -> dict[str, str]:
    """Return what each kind is called in the reader's language."""
    language = get_language() or "en"
    return {template: kind.subject(language) for template, kind in kinds.items()}


@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    letter = to_be_decided(request, pk)
    if send_again(letter):
        log(instance=letter, action="notices.letter.again", user=request.user)
        messages.success(request, _("The letter is being sent again."))
        poke()
    return redirect(LIST)


@require_POST
def let_go(request: HttpRequest, pk: int) -> HttpResponse:
    letter = to_be_decided(request, pk)
    if give_up(letter):
        log(instance=letter, action="notices.letter.given_up", user=request.user)
        messages.success(request, _("The letter was given up, and its text deleted."))
    return redirect(LIST)


def to_be_decided(request: HttpRequest, pk: int) -> Letter:
    """Return the letter; raise PermissionDenied for who may not decide about it."""
    if not request.user.has_perm(RESEND):
        raise PermissionDenied
    return get_object_or_404(Letter.objects.defer("sealed"), pk=pk)


class LetterViewSet(ModelViewSet):
    """Wagtail's own list of letters; its export holds no address, masked or not."""

    model = Letter
    name = "letters"
    icon = "mail"
    menu_label = gettext_lazy("Letters")
    index_view_class = LetterIndexView
    copy_view_enabled = False
    filterset_class = LetterFilter
    # On a phone each letter is a card of its kind and these facts (static/css/admin.css).
    list_display = [
        Column("kind", label=capfirst(gettext_lazy("kind")), sort_key="template", classname="title"),
        Column("masked_recipient", label=capfirst(pgettext_lazy("letter", "to")), classname="edition-fact"),
        Column("language", label=capfirst(gettext_lazy("language")), accessor="get_language_display"),
        StateColumn("state", label=capfirst(pgettext_lazy("letter", "state")), sort_key="state"),
        Column(
            "created_at",
            label=capfirst(pgettext_lazy("letter", "written")),
            accessor=moment("created_at"),
            sort_key="created_at",
            classname="edition-fact",
        ),
        Column("settled_at", label=capfirst(pgettext_lazy("letter", "sent or ended")), accessor=moment("settled_at")),
        Column("attempts", label=capfirst(pgettext_lazy("letter", "tries")), sort_key="attempts"),
    ]
    list_export = ["template", "language", "topic", "state", "created_at", "settled_at", "attempts", "last_error"]
    search_fields: list[str] = []
    ordering = ["-created_at", "-pk"]
    form_fields: list[str] = []

    def get_urlpatterns(self) -> list[URLPattern]:
        """Return Wagtail's addresses and ours: decisions, and the kinds of letters with sample data."""
        return [
            *super().get_urlpatterns(),
            path("again/<int:pk>/", again, name="again"),
            path("give-up/<int:pk>/", let_go, name="give_up"),
            path("kinds/", previews.all_kinds, name="kinds"),
            path("kinds/<str:language>/<path:template>/html/", previews.as_html, name="preview_html"),
            path("kinds/<str:language>/<path:template>/", previews.one_kind, name="preview"),
        ]


register_permission_policy(Letter, LookOnlyPolicy(Letter))
letter_viewset = LetterViewSet()

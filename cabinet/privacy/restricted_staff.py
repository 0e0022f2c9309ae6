"""Under lock, as keepers of the archive see it: which papers, by which law, until when; whose, only with a reason."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import get_default_timezone, localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permissions import register_permission_policy

from cabinet.audit.recording import record
from cabinet.looking import LookOnlyPolicy
from cabinet.privacy.models import Restricted, RestrictedReference
from cabinet.register.categories import register

READ = "privacy.read_restricted"
SHOWN = 200  # numbers of papers on one page


class RestrictedIndexView(IndexView):
    """All that stands under lock, what goes first on top; found by the number of a paper."""

    def get_base_queryset(self) -> Any:
        """Leave the sealed words in the database."""
        found = Restricted.objects.defer("sealed")
        number = self.request.GET.get("paper", "").strip()[:60].replace("\0", "")
        return found.filter(references__reference=number).distinct() if number else found


class ReasonForm(forms.Form):
    """Why somebody reads what is under lock."""

    reason = forms.CharField(label=_("Reason"), min_length=5, max_length=300, strip=True)


def one(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one thing under lock without its words; with a reason, recorded before they are opened, with them (s19)."""
    if not request.user.has_perm(READ):
        raise PermissionDenied
    found = get_object_or_404(Restricted, pk=pk)
    form = ReasonForm(request.POST or None)
    words: dict[str, str] = {}
    if form.is_valid():
        words = read(request.user, found, form.cleaned_data["reason"])
    papers = RestrictedReference.objects.filter(restricted=found).order_by("reference")
    context = {"restricted": found, "category": title_of(found), "form": form, "words": words}
    context["papers"] = papers.values_list("reference", flat=True)[:SHOWN]
    return render(request, "privacy/admin/restricted.html", context)


def read(reader: Any, restricted: Restricted, reason: str) -> dict[str, str]:
    """Return the words by what people call them, once it is written down who read them and why."""
    with transaction.atomic():
        actor, number = reader.public_id, restricted.public_id
        record("privacy.restricted.read", actor=actor, restricted=number, reason=reason)
    held = register.by_key[restricted.category].held
    names = {name: each.label(name) for each in held for name in each.fields}
    return {names.get(name, name): word for name, word in restricted.words.items()}


def title_of(restricted: Restricted) -> str:
    """Return what people call the category."""
    category = register.by_key.get(restricted.category)
    return str(category.title) if category else restricted.category


def day(field: str) -> Any:
    """Return a function that tells a day by the shop's clock."""
    return lambda row: date_format(localtime(getattr(row, field), get_default_timezone()), "SHORT_DATE_FORMAT")


class NumberColumn(Column):
    """The number, leading to the page where it can be opened."""

    cell_template_name = "privacy/admin/number_cell.html"


class RestrictedViewSet(ModelViewSet):
    """Wagtail's own list, without a person in it."""

    model = Restricted
    name = "restricted"
    url_prefix = "reports/restricted"
    icon = "lock"
    menu_label = _("Under lock")
    menu_hook = "register_reports_menu_item"
    menu_order = 75
    index_view_class = RestrictedIndexView
    copy_view_enabled = False
    list_display = [
        NumberColumn("public_id", label=capfirst(_("number")), classname="title"),
        Column("category", label=capfirst(_("category")), accessor=title_of, classname="edition-fact"),
        Column("law", label=capfirst(_("law")), accessor="law_name", classname="edition-fact"),
        Column("since", label=capfirst(pgettext_lazy("restricted", "since")), accessor=day("since")),
        Column(
            "until",
            label=capfirst(pgettext_lazy("restricted", "until")),
            accessor=day("until"),
            sort_key="until",
            classname="edition-fact",
        ),
    ]
    search_fields: list[str] = []
    ordering = ["until", "pk"]
    form_fields: list[str] = []

    def get_urlpatterns(self) -> list[URLPattern]:
        """Return Wagtail's addresses and the page that opens one."""
        return [*super().get_urlpatterns(), path("open/<int:pk>/", one, name="open")]


register_permission_policy(Restricted, LookOnlyPolicy(Restricted, READ))
restricted_viewset = RestrictedViewSet()

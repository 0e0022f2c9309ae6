"""Cookie groups, each with its cookies, as editors keep them in Wagtail's admin."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Count, QuerySet
from django.forms import TextInput
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import linebreaks_filter
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column, NumberColumn
from wagtail.admin.views.generic import CreateView, DeleteView, EditView, IndexView, ReorderView
from wagtail.admin.viewsets.model import ModelViewSet

from cms_pages.cookie_forms import COOKIES_AT_MOST, DeclarationFormSet, GroupForm
from cms_pages.cookie_news import TellsOutcome, outcome
from cms_pages.cookie_table import tell_what_is_behind
from cms_pages.cookies import seal_banner
from cms_pages.models import CookieGroup
from cms_pages.panels import LANGUAGES, in_languages
from cms_pages.staff import EditionInspectView

# The form ------------------------------------------------------------------------------------------------------------


class DeclarationsPanel(InlinePanel):
    """The cookies of a group, under our own checks."""

    def get_form_options(self) -> dict[str, Any]:
        """Add the formset that makes them."""
        options: dict[str, Any] = super().get_form_options()
        options["formsets"][self.relation_name]["formset"] = DeclarationFormSet
        return options


class AskAgainPanel(FieldPanel):
    """The box that only makes sense for a group that visitors have been asked about."""

    class BoundPanel(FieldPanel.BoundPanel):
        """Its place on one form."""

        def is_shown(self) -> bool:
            """Leave it out for a new group, and for a necessary one."""
            return bool(super().is_shown() and self.instance.pk and not self.instance.is_required)


GROUP_PANELS = [
    MultiFieldPanel(
        [
            FieldPanel(
                "varname",
                heading=_("Name for machines"),
                help_text=_("Letters and digits. It cannot be changed later: the answers of visitors hold it."),
            ),
            FieldPanel(
                "is_required",
                heading=_("Necessary"),
                help_text=_("Always on, and nobody is asked. Only for what the site needs to do what a visitor wants."),
            ),
        ],
        heading=_("Group"),
    ),
    *in_languages("name", "description"),
    MultiFieldPanel([FieldPanel("hosts"), FieldPanel("script")], heading=_("What it loads")),
    DeclarationsPanel(
        "declarations",
        [
            FieldRowPanel([FieldPanel("name", heading=_("Name; * at its end for any letters")), FieldPanel("kind")]),
            FieldRowPanel([FieldPanel("lasts"), FieldPanel("unit")]),
            FieldPanel("owner"),
            *(FieldPanel(f"purpose_{code}") for code, _name in LANGUAGES),
            FieldRowPanel(
                [
                    FieldPanel("domain", heading=_("Domain"), help_text=_("Empty: the address of this site.")),
                    FieldPanel("path", heading=_("Path"), widget=TextInput),
                ]
            ),
        ],
        heading=_("Cookies"),
        label=_("cookie"),
        max_num=COOKIES_AT_MOST,
    ),
    AskAgainPanel("ask_again"),
]


# The screens ---------------------------------------------------------------------------------------------------------


class TellsTables:
    """Says after a change which documents still show the cookies as they were before it."""

    request: HttpRequest

    def form_valid(self, form: Any) -> HttpResponse:
        """Change, then tell."""
        response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        tell_what_is_behind(self.request)
        return response


class GroupCreateView(TellsTables, TellsOutcome, CreateView):
    """A new group."""


class GroupEditView(TellsTables, TellsOutcome, EditView):
    """A group with its cookies."""


class GroupDeleteView(TellsTables, DeleteView):
    """Takes a group out of the question; receipts of answers to it stay as they are."""

    sealed: int | None = None

    def get_usage_url(self) -> None:
        """Count no references: only its own cookies refer to a group."""

    @property
    def confirmation_message(self) -> str:
        """Say what goes and what stays."""
        return gettext(
            "The group goes with its cookies, and visitors are no longer asked about it. Receipts of choices and past "
            "editions of the banner stay as they are."
        )

    def delete_action(self) -> None:
        """Delete and seal at once."""
        with transaction.atomic():
            super().delete_action()
            self.sealed = seal_banner(author=self.request.user)

    def get_success_message(self) -> str:
        """Say what that came to."""
        deleted = gettext("“%(name)s” is deleted.") % {"name": self.object}
        return f"{deleted} {outcome(self.sealed)}"


class GroupReorderView(ReorderView):
    """Puts the groups in another order, for visitors too."""

    @transaction.atomic
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Move and seal at once."""
        response = super().post(request, *args, **kwargs)
        seal_banner(author=request.user)
        return response


class GroupIndexView(IndexView):
    """All groups, in the order in which visitors are asked about them."""

    add_item_label = _("Add a group")

    def get_base_queryset(self) -> QuerySet[CookieGroup]:
        """Count the cookies at once."""
        return CookieGroup.objects.annotate(count=Count("declarations"))


class GroupInspectView(EditionInspectView):
    """A group for those who may not change it."""

    labels = {"varname": _("Name for machines"), "is_required": _("Necessary"), "declarations": _("Cookies")}

    def get_field_label(self, field_name: str, field: Any) -> Any:
        """Call the package's own fields as the form does."""
        return self.labels.get(field_name) or super().get_field_label(field_name, field)

    def get_declarations_display_value(self) -> str:
        """Return the cookies, one a line: name, owner, lifetime, purpose."""
        rows = [(one.name, one.owner, one.lifetime(), one.purpose) for one in self.object.declarations.all()]
        return linebreaks_filter("\n".join(" · ".join(filter(None, row)) for row in rows))


class CookieGroupViewSet(ModelViewSet):
    """Groups, each with its cookies."""

    model = CookieGroup
    pk_path_converter = "int"  # Wagtail does not look through the package's key to its number
    name = "cookie_groups"
    url_prefix = "cookies/groups"
    icon = "list-ul"
    menu_label = _("Groups and cookies")
    edit_handler = ObjectList(GROUP_PANELS, base_form_class=GroupForm)
    index_view_class = GroupIndexView
    add_view_class = GroupCreateView
    edit_view_class = GroupEditView
    delete_view_class = GroupDeleteView
    inspect_view_class = GroupInspectView
    reorder_view_class = GroupReorderView
    inspect_view_enabled = True
    copy_view_enabled = False
    sort_order_field = "ordering"
    ordering = "ordering"
    list_display = [
        "__str__",
        Column("varname", label=_("Name for machines"), classname="edition-fact"),
        BooleanColumn("is_required", label=_("Necessary")),
        NumberColumn("count", label=_("Cookies")),
    ]
    inspect_view_fields = [
        "varname",
        "is_required",
        *(f"{field}_{code}" for code, _name in LANGUAGES for field in ("name", "description")),
        "hosts",
        "script",
        "declarations",
    ]

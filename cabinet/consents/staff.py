"""Receipts as officers read them: a list to search and narrow down, each receipt whole; nothing to change."""

from __future__ import annotations

from typing import Any

from django.template.defaultfilters import linebreaks_filter
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import get_default_timezone, localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permissions import policy_registry, register_permission_policy

from cabinet.consents.counting import asked_groups
from cabinet.consents.filters import ReceiptFilter
from cabinet.consents.models import CookieReceipt
from cabinet.looking import LookOnlyPolicy
from cms_pages.staff import EditionInspectView

# A receipt's number lets whoever has it change the choice, so counting them asks for less than listing them.
OWNERS = "consents.view_receiptowner"


class ReceiptPolicy(LookOnlyPolicy):
    """Single receipts are for those who may also learn whose they are."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Allow looking only, and to them only."""
        return bool(super().user_has_permission(user, action) and user.has_perm(OWNERS))


def may_list(user: Any) -> bool:
    """Say whether this person may see single receipts."""
    return bool(policy_registry.get_by_type(CookieReceipt).user_has_permission(user, "view"))


def made(receipt: CookieReceipt) -> str:
    """Return when it was made, by the shop's clock."""
    return date_format(localtime(receipt.made_at, get_default_timezone()), "SHORT_DATETIME_FORMAT")


class ReceiptIndexView(IndexView):
    """All receipts, the newest first."""

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Call the groups of each receipt by their names."""
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        names = asked_groups()
        for receipt in context["object_list"]:
            receipt.allowed_names = ", ".join(names.get(varname, varname) for varname in receipt.allowed)
        return context


class ReceiptInspectView(EditionInspectView):
    """One receipt."""

    def get_field_display_value(self, field_name: str, field: Any) -> Any:
        """Return a dash for what this receipt does not have: a policy in force, an earlier choice."""
        value = super().get_field_display_value(field_name, field)
        return "—" if value in {None, ""} else value

    def get_choices_display_value(self) -> str:
        """Return what was said about each group, one a line."""
        names = {group["varname"]: group["name"] for group in self.object.banner.content["groups"]}
        words = {True: _("Allowed"), False: _("Refused")}
        said = self.object.choices.items()
        return linebreaks_filter("\n".join(f"{names.get(group, group)}: {words[answer]}" for group, answer in said))


class ReceiptViewSet(ModelViewSet):
    """Wagtail's own list and inspection of receipts."""

    model = CookieReceipt
    name = "receipts"
    url_prefix = "cookies/receipts"
    icon = "clipboard-list"
    menu_label = gettext_lazy("Receipts")
    menu_hook = "register_cookies_menu_item"
    index_view_class = ReceiptIndexView
    inspect_view_class = ReceiptInspectView
    inspect_view_enabled = True
    copy_view_enabled = False
    filterset_class = ReceiptFilter
    # On a phone each receipt is a card of its number and these facts (static/css/admin.css).
    list_display = [
        "public_id",
        Column(
            "made_at", label=capfirst(gettext_lazy("made")), accessor=made, sort_key="made_at", classname="edition-fact"
        ),
        Column(
            "method", label=capfirst(gettext_lazy("method")), accessor="get_method_display", classname="edition-fact"
        ),
        Column("language", label=capfirst(gettext_lazy("language")), accessor="get_language_display"),
        Column("allowed_names", label=gettext_lazy("Allowed"), classname="edition-fact"),
    ]
    search_fields = ["public_id"]
    search_backend_name = None
    ordering = ["-made_at", "-pk"]
    inspect_view_fields = [
        "public_id",
        "made_at",
        "choices",
        "method",
        "language",
        "gpc",
        "banner",
        "banner_sha256",
        "policy",
        "policy_sha256",
        "follows",
    ]
    form_fields: list[str] = []


register_permission_policy(CookieReceipt, ReceiptPolicy(CookieReceipt))
receipt_viewset = ReceiptViewSet()

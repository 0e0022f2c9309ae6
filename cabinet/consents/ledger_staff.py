"""Receipts of consents as officers read them, without anybody's data; and the recipients that are told to people."""

from __future__ import annotations

from typing import Any

import django_filters
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import get_default_timezone, localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permissions import register_permission_policy

from cabinet.consents.ledger import ConsentReceipt, Recipient
from cabinet.consents.staff import ReceiptInspectView
from cabinet.looking import LookOnlyPolicy


def recorded(receipt: ConsentReceipt) -> str:
    """Return when it was recorded, by the shop's clock."""
    return date_format(localtime(receipt.at, get_default_timezone()), "SHORT_DATETIME_FORMAT")


class ConsentFilter(WagtailFilterSet):
    """Receipts of some kind, or of the person behind a mark."""

    subject = django_filters.UUIDFilter(label=_("Mark of the person"))

    class Meta:
        model = ConsentReceipt
        fields = ["purpose", "medium", "given", "channel", "language"]


class ConsentReceiptViewSet(ModelViewSet):
    """A list to search by number or by a person's mark, each receipt whole; nothing to change."""

    model = ConsentReceipt
    name = "consent_receipts"
    url_prefix = "consents"
    icon = "clipboard-list"
    menu_label = _("Consents")
    menu_hook = "register_reports_menu_item"
    menu_order = 65
    inspect_view_class = ReceiptInspectView
    inspect_view_enabled = True
    copy_view_enabled = False
    # On a phone each receipt is a card of its number and these facts (static/css/admin.css).
    list_display = [
        "public_id",
        Column(
            "at",
            label=capfirst(pgettext_lazy("consent", "recorded")),
            accessor=recorded,
            sort_key="at",
            classname="edition-fact",
        ),
        Column("purpose", label=capfirst(_("purpose")), accessor="get_purpose_display", classname="edition-fact"),
        Column("medium", label=capfirst(_("medium")), accessor="get_medium_display", classname="edition-fact"),
        BooleanColumn("given", label=capfirst(_("given"))),
        Column("channel", label=capfirst(_("channel")), accessor="get_channel_display"),
        Column("language", label=capfirst(_("language")), accessor="get_language_display"),
    ]
    filterset_class = ConsentFilter
    list_export = ["public_id", "at", "purpose", "medium", "given", "channel", "language", "text_sha256", "digest"]
    search_fields = ["public_id"]
    search_backend_name = None
    ordering = ["-pk"]
    inspect_view_fields = [
        "public_id",
        "subject",
        "at",
        "purpose",
        "medium",
        "given",
        "channel",
        "recorded_by",
        "language",
        "text_sha256",
        "follows",
        "digest",
    ]
    form_fields: list[str] = []


class RecipientViewSet(ModelViewSet):
    """Third parties that the consent to a transfer names."""

    model = Recipient
    name = "recipients"
    url_prefix = "recipients"
    icon = "group"
    menu_label = _("Recipients of data")
    add_to_settings_menu = True
    copy_view_enabled = False
    list_display = ["name", "country"]
    search_fields = ["name"]
    search_backend_name = None
    panels = [FieldPanel(name) for name in ("name", "country", "purpose_ru", "purpose_kk", "purpose_en")]


register_permission_policy(ConsentReceipt, LookOnlyPolicy(ConsentReceipt))
consent_receipts: Any = ConsentReceiptViewSet()
recipients: Any = RecipientViewSet()

"""What the overview shows of copies."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cabinet.customers.cards import Card
from cabinet.privacy.copies import latest


def copy_card(customer: Any) -> Card:
    """Return the way to the copy, and how it stands; one query."""
    return Card(_("Copy of my data"), reverse("data_copy"), _("Ask for it, or download it"), [_state(customer)])


def _state(customer: Any) -> str:
    copy = latest(customer)
    if copy and copy.is_ready:
        until = date_format(timezone.localtime(copy.expires_at), "DATETIME_FORMAT")
        return _("Ready to download until %(until)s.") % {"until": until}
    if copy and copy.is_building:
        return _("It is being made.")
    return _("To read, for a spreadsheet, and for programs.")

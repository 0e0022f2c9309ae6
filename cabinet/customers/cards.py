"""What the overview shows of each room: a few live facts and where to go."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Window
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cabinet.customers.models import Customer


@dataclass(frozen=True)
class Card:
    """A room in the overview."""

    title: str
    url: str
    action: str  # what one does there, as a link
    lines: list[Any] = field(default_factory=list)  # whole sentences or facts


def cards(customer: Customer) -> list[Card]:
    """Return the profile and the addresses."""
    return [_profile(customer), _addresses(customer)]


def _profile(customer: Customer) -> Card:
    phone = customer.phone.as_international if customer.phone else ""
    lines = [line for line in (customer.full_name, customer.user.email, phone) if line]
    return Card(_("Profile"), reverse("profile"), _("Correct or complete"), lines)


def _addresses(customer: Customer) -> Card:
    # A window counts all of them in the query that reads the first two.
    found = list(customer.addresses.present().annotate(count=Window(Count("pk")))[:2])
    if not found:
        return Card(_("Addresses"), reverse("address_add"), _("Add an address"), [_("No delivery address yet.")])
    count = found[0].count
    summary = ngettext("%(count)d delivery address.", "%(count)d delivery addresses.", count) % {"count": count}
    return Card(_("Addresses"), reverse("addresses"), _("See and change"), [summary, *(each.line for each in found)])

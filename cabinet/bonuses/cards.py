"""What the overview shows of bonuses."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from cabinet.bonuses.actions import balance_of
from cabinet.bonuses.counting import counted, expiring
from cabinet.bonuses.expiry import next_to_expire
from cabinet.customers.cards import Card
from cabinet.customers.models import Customer


def card(customer: Customer) -> Card:
    """Return how many there are, and what expires next; three queries at the most."""
    balance = balance_of(customer)
    lines = [counted(balance)] if balance else [_("No bonuses yet.")]
    first = expiring(next_to_expire(customer, balance))
    return Card(_("Bonuses"), reverse("bonuses"), _("See what came and went"), [*lines, *filter(None, [first])])

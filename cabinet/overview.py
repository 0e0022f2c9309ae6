"""The cabinet's first page: live facts from every room."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cabinet.bonuses.cards import card as bonuses_card
from cabinet.consents.cards import on_overview
from cabinet.customers.access import for_customers
from cabinet.customers.cards import Card
from cabinet.customers.cards import cards as customer_cards
from cabinet.orders.cards import card as orders_card
from cabinet.privacy.cards import copy_card


@for_customers
@require_safe
def overview(request: Any) -> HttpResponse:
    customer = request.customer
    cards, questions = on_overview(customer)
    own = customer_cards(customer)
    cards = [orders_card(customer), bonuses_card(customer), *own, *cards, data_card(), copy_card(customer)]
    context = {"customer": customer, "cards": cards, "questions": questions}
    return render(request, "cabinet/overview.html", context)


def data_card() -> Card:
    """Return the way to everything that is held."""
    return Card(_("My data"), reverse("my_data"), _("See all of it"), [_("Everything the shop holds of you, and why.")])

"""What the overview shows of orders."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cabinet.customers.cards import Card
from cabinet.customers.models import Customer
from cabinet.orders.models import Order
from cabinet.orders.money import tenge

COUNTED = 100  # open orders are counted so far; nobody waits for more


def card(customer: Customer) -> Card:
    """Return how many are on their way, and the latest; two queries."""
    own = Order.objects.of(customer)
    last = own.first()
    if last is None:
        return Card(_("Orders"), reverse("orders"), _("See your orders"), [_("No orders yet.")])
    count = own.being_carried_out().order_by()[:COUNTED].count()
    open_ones = ngettext("%(count)d order is being carried out.", "%(count)d orders are being carried out.", count)
    lines = [open_ones % {"count": count}] if count else [_("Nothing is being carried out now.")]
    return Card(_("Orders"), reverse("orders"), _("See your orders"), [*lines, *_latest(last)])


def _latest(order: Order) -> list[str]:
    told = {"number": order.number, "total": tenge(order.total), "status": order.get_status_display()}
    lines = [_("The latest: %(number)s, %(total)s, %(status)s.") % told]
    if order.objections_until and order.objections_until > timezone.now():
        day = date_format(timezone.localtime(order.objections_until), "DATE_FORMAT")
        lines.append(_("Until %(day)s you may object to it.") % {"day": day})
    return lines

"""Why an order may not go yet (policy 6.3)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import DateTimeField, F, QuerySet, Value
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from cabinet.orders.models import Order, Refund
from cabinet.register.categories import Purpose
from cabinet.register.holds import Hold, Keeps, holds

OPEN = Value(None, output_field=DateTimeField())  # nobody can tell yet until when
# Stored with what stands under lock, so in English; shown in the reader's language.
CONSENT_LAW = gettext_noop("Law of the RK 94-V, art. 8(2)")
TAX_LAW = gettext_noop("Tax Code of the RK, art. 193(3); Accounting Law of the RK, art. 11")
KEPT = ("orders.orders", "orders.people")


def being_carried_out(at: datetime) -> QuerySet[Any]:
    """Return the orders that have not ended."""
    found: QuerySet[Any] = Order.objects.being_carried_out()
    return found.annotate(held_until=OPEN)


def objection_period(at: datetime) -> QuerySet[Any]:
    """Return the orders against which written, reasoned objections can still be made."""
    found: QuerySet[Any] = Order.objects.filter(objections_until__gt=at)
    return found.annotate(held_until=F("objections_until"))


def open_refund(at: datetime) -> QuerySet[Any]:
    """Return the orders for which money is still to be paid back."""
    open_ones = Refund.objects.filter(state=Refund.State.REQUESTED).values("order")
    found: QuerySet[Any] = Order.objects.filter(pk__in=open_ones)
    return found.annotate(held_until=OPEN)


def kept_for_tax(at: datetime) -> QuerySet[Any]:
    """Return the orders whose papers the tax office may still ask for."""
    found: QuerySet[Any] = Order.objects.filter(tax_until__gt=at)
    return found.annotate(held_until=F("tax_until"))


holds.add(
    Hold(
        key="orders.being_carried_out",
        title=_("The order is being carried out"),
        why=_("The shop cannot bring you what you ordered without knowing to whom and where."),
        clause="6.3",
        law=CONSENT_LAW,
        model="orders.Order",
        owner="customer__user",
        reference="number",
        rows=being_carried_out,
        categories=KEPT,
        bars=(Purpose.ORDER, Purpose.TRANSFER),
    ),
    Hold(
        key="orders.objection_period",
        title=_("You may still object to the order"),
        why=_("Until this day you can send written objections with reasons, and the shop must be able to answer them."),
        clause="6.3",
        law="OBJECTION_DAYS",
        model="orders.Order",
        owner="customer__user",
        reference="number",
        rows=objection_period,
        categories=KEPT,
        bars=(Purpose.ORDER,),
    ),
    Hold(
        key="orders.open_refund",
        title=_("Money is still to be paid back"),
        why=_("The shop owes you money for this order and must know to whom to pay it."),
        clause="6.3",
        law=CONSENT_LAW,
        model="orders.Order",
        owner="customer__user",
        reference="number",
        rows=open_refund,
        categories=(*KEPT, "orders.refunds"),
        bars=(Purpose.ORDER,),
    ),
    Hold(
        key="orders.kept_for_tax",
        title=_("Papers for the tax office"),
        why=_("The law demands that papers of a sale are kept; they stand under lock, apart from everyday use."),
        clause="",
        law=TAX_LAW,
        model="orders.Order",
        owner="customer__user",
        reference="number",
        rows=kept_for_tax,
        categories=("orders.people",),
        keeps=Keeps.RESTRICTED,
    ),
)

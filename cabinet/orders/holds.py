"""Why an order may not go yet (policy 6.3)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from cabinet.orders.models import Refund
from cabinet.register.categories import Purpose
from cabinet.register.holds import Hold, Keeps, holds

# Stored with what stands under lock, so in English; shown in the reader's language.
CONSENT_LAW = gettext_noop("Law of the RK 94-V, art. 8(2)")
TAX_LAW = gettext_noop("Tax Code of the RK, art. 193(3); Accounting Law of the RK, art. 11")
KEPT = ("orders.orders", "orders.people")


def being_carried_out(at: datetime, order: str) -> Q:
    """Say of an order that it has not ended."""
    return Q(**{f"{order}ended_at": None})


def objection_period(at: datetime, order: str) -> Q:
    """Say of an order that written, reasoned objections can still be made."""
    return Q(**{f"{order}objections_until__gt": at})


def open_refund(at: datetime, order: str) -> Q:
    """Say of an order that money is still to be paid back for it."""
    # Open ones are few in a shop; to ask each order by EXISTS, SQLite would go through all that a customer has.
    return Q(**{f"{order}pk__in": Refund.objects.filter(state=Refund.State.REQUESTED).values("order")})


def kept_for_tax(at: datetime, order: str) -> Q:
    """Say of an order that the tax office may still ask for its papers."""
    return Q(**{f"{order}tax_until__gt": at})


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
        called=_("Orders:"),
        when=being_carried_out,
        until="",
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
        called=_("Orders:"),
        when=objection_period,
        until="objections_until",
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
        called=_("Orders:"),
        when=open_refund,
        until="",
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
        called=_("Orders:"),
        when=kept_for_tax,
        until="tax_until",
        categories=("orders.people",),
        keeps=Keeps.RESTRICTED,
    ),
)

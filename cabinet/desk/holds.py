"""Why something may not go while somebody waits for an answer (policy 4.3, 6.3)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from cabinet.desk.models import Kind, Request
from cabinet.orders.holds import CONSENT_LAW, KEPT
from cabinet.register.categories import Purpose
from cabinet.register.holds import Hold, holds

CLAIM_LAW = gettext_noop("Law of the RK 274-IV, art. 42-4")


def open_request(at: datetime, request: str) -> Q:
    """Say of a request that it waits for its answer."""
    return Q(**{f"{request}answered_at": None})


def open_objection(at: datetime, order: str) -> Q:
    """Say of an order that somebody objects to it and waits for the answer, be the period over or not."""
    # As with refunds: the open ones of a whole shop are few.
    waiting = Request.objects.open().filter(kind=Kind.OBJECTION, order__isnull=False)
    return Q(**{f"{order}pk__in": waiting.order_by().values("order")})


holds.add(
    Hold(
        key="desk.open_request",
        title=_("You asked the shop for something"),
        why=_("The shop owes you an answer and must know to whom to give it; once it is given, the request goes, too."),
        clause="4.3",
        law=CONSENT_LAW,
        model="desk.Request",
        owner="customer__user",
        reference="public_id",
        called=_("Requests:"),
        when=open_request,
        until="",
        categories=("desk.requests",),
    ),
    Hold(
        key="desk.open_objection",
        title=_("You object to the order"),
        why=_("Until your objection is answered, the shop must know what was ordered, by whom and where it went."),
        clause="6.3",
        law=CLAIM_LAW,
        model="orders.Order",
        owner="customer__user",
        reference="number",
        called=_("Orders:"),
        when=open_objection,
        until="",
        categories=KEPT,
        bars=(Purpose.ORDER,),
    ),
)

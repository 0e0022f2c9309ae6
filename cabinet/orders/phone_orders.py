"""Taking an order by phone: with the consent that was read out, or not at all (policy 1)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.timezone import get_default_timezone, localtime

from cabinet.audit.recording import record
from cabinet.consents.composing import Composed
from cabinet.consents.consenting import give, give_for
from cabinet.consents.ledger import Channel, ConsentReceipt
from cabinet.consents.numbers import new_public_id as new_token
from cabinet.customers.actions import lock_open
from cabinet.customers.models import Customer
from cabinet.orders.models import Assignment, Line, Order, OrderPerson, PhoneOrder, PhoneSeries, Placed, Status, Step
from cabinet.orders.money import rounded
from cabinet.orders.phone_letters import send_link
from cabinet.orders.staff_steps import OWN
from cabinet.orders.terms import tax_until


@dataclass(frozen=True)
class Taken:
    """An order taken by phone; the token of its link is told here and nowhere else, empty when it was told before."""

    order: Order
    token: str = ""


def take_order(
    *,
    staff: Any,
    form_key: str,
    composed: Composed,
    customer: Customer | None,
    person: dict[str, Any],
    lines: list[dict[str, Any]],
    call_reference: str,
) -> Taken:
    """Keep the order, the consent to it and the link in one piece; a form sent twice is one order.

    Raise AccountClosed for a customer whose account was closed meanwhile; nothing is kept then.
    """
    try:
        return _take(staff, form_key, composed, customer, person, lines, call_reference)
    except IntegrityError:  # its twin was quicker
        known = PhoneOrder.objects.filter(form_key=form_key, order__taken_by=staff.public_id).first()
        if known is None:
            raise
        return Taken(known.order)


@transaction.atomic
def _take(
    staff: Any,
    form_key: str,
    composed: Composed,
    customer: Customer | None,
    person: dict[str, Any],
    lines: list[dict[str, Any]],
    call_reference: str,
) -> Taken:
    known = lock_open(customer) if customer else None
    earlier = PhoneOrder.objects.filter(form_key=form_key, order__taken_by=staff.public_id).first()
    if earlier:
        return Taken(earlier.order)
    now, subject = timezone.now(), known.subject if known else uuid.uuid4()
    order: Order = Order.objects.create(
        customer=known,
        subject=subject,
        source=OWN,
        number=next_number(now),
        placed_by=Placed.PHONE,
        placed_at=now,
        status_at=now,
        tax_until=tax_until(now),
        total=sum((cost_of(line) for line in lines), Decimal()),
        consent=_consent(staff, known, subject, composed, person["name"]),
        call_reference=call_reference,
        taken_by=staff.public_id,
    )
    OrderPerson.objects.create(order=order, language=composed.language, **person)
    Line.objects.bulk_create(
        Line(order=order, position=position, cost=cost_of(line), **line) for position, line in enumerate(lines, 1)
    )
    Step.objects.create(order=order, status=Status.PLACED, occurred_at=now)
    Assignment.objects.create(order=order, staff=staff, by=staff.public_id)
    token = new_token()
    PhoneOrder.objects.create(order=order, form_key=form_key, token_sha256=hashed(token), link_until=link_until(now))
    send_link(order=order, text=composed.text, token=token)
    record("orders.order.taken_by_phone", subject=subject, actor=staff.public_id, order=order.number)
    return Taken(order, token)


@transaction.atomic
def renew_link(*, order: Order, actor: str) -> str:
    """Return the token of a new link, which makes the old one worthless; it is written to the person, too."""
    known = PhoneOrder.objects.select_for_update().get(order=order)
    token = new_token()
    known.token_sha256, known.link_until = hashed(token), link_until(timezone.now())
    known.save(update_fields=["token_sha256", "link_until"])
    if order.consent:
        send_link(order=order, text=order.consent.text.text, token=token)
    record("orders.order.link_renewed", subject=order.subject, actor=actor, order=order.number)
    return token


def _consent(staff: Any, customer: Customer | None, subject: Any, composed: Composed, name: str) -> ConsentReceipt:
    """Return the receipt; one that stands for a customer in the very same words is enough."""
    said: dict[str, Any] = {"composed": composed, "channel": Channel.PHONE, "recorded_by": staff.public_id}
    if customer:
        return give(customer=customer, renew=True, **said)
    return give_for(subject=subject, full_name=name, **said)


def cost_of(line: dict[str, Any]) -> Decimal:
    """Return what so many cost, to the hundredth."""
    return rounded(line["quantity"] * line["price"])


def next_number(now: datetime) -> str:
    """Return the next number of our own series; to be called in a transaction, which holds the others up."""
    year = localtime(now, get_default_timezone()).year
    PhoneSeries.objects.get_or_create(year=year)
    series = PhoneSeries.objects.select_for_update().get(year=year)
    series.last += 1
    series.save(update_fields=["last"])
    return f"T-{year}-{series.last:06d}"


def link_until(now: datetime) -> datetime:
    """Return until when a new link opens."""
    return now + timedelta(days=settings.PHONE_LINK_DAYS)


def hashed(token: str) -> str:
    """Return what is kept of a token."""
    return sha256(token.encode()).hexdigest()

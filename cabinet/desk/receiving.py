"""A request comes, and is answered; both leave their trace, and a letter where there is an address."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils import timezone

from cabinet.audit.recording import record
from cabinet.customers.actions import lock_open
from cabinet.customers.models import Customer
from cabinet.desk.clocks import answer_by
from cabinet.desk.letters import tell_answered, tell_received
from cabinet.desk.models import Channel, Kind, Request
from cabinet.orders.locking import ChangedMeanwhile, locked_customer, locked_order
from cabinet.orders.models import Order
from cabinet.privacy.tombstones import write


class OrderGone(Exception):
    """The order is nobody's any more, so nobody can object to it."""


class Answered(Exception):
    """It has its answer already."""


@transaction.atomic
def receive(
    *,
    kind: str,
    channel: str,
    text: str,
    language: str,
    form_key: str,
    name: str = "",
    email: str = "",
    customer: Customer | None = None,
    order: Order | None = None,
    by: str = "",
    received_at: datetime | None = None,
) -> Request:
    """Keep a request and say until when it is answered; the same form with the same words sent twice is one request.

    Where it is about an order it is the order's customer's; of a customer an open objection to the order is returned,
    for there is one at a time. Raise OrderGone, ChangedMeanwhile where the order got another owner just now, and
    AccountClosed where the account closed while its customer wrote in the cabinet: somebody whose order still stays may
    object by other ways.
    """
    whose = _whose(customer, order, channel)
    if channel == Channel.CABINET and (standing := objection_of(whose, order)):
        return standing
    moment = received_at or timezone.now()
    made, is_new = Request.objects.get_or_create(
        form_key=key_of(by or whose, form_key, kind, order, text),
        defaults={
            **_subject(whose, order),
            "customer": whose,
            "order": order,
            "kind": kind,
            "channel": channel,
            "language": language,
            "received_at": moment,
            "answer_by": answer_by(kind, moment),
            "name": name,
            "email": email,
            "text": text,
            "received_by": by,
        },
    )
    if is_new:
        _trace("received", made, by or (whose.user.public_id if whose else ""), kind=made.kind)
        tell_received(made)
    return made


def key_of(who: str | Customer | None, form_key: str, kind: str, order: Order | None, text: str) -> str:
    """Return what tells a form, sent by somebody with these words, from every other."""
    sender = who.pk if isinstance(who, Customer) else who
    return sha256("\n".join(map(str, (sender, form_key, kind, order and order.pk, text))).encode()).hexdigest()


def objection_of(customer: Customer | None, order: Order | None) -> Request | None:
    """Return a customer's open objection to an order; None for a request about no order."""
    found = Request.objects.open().filter(customer=customer, order=order, kind=Kind.OBJECTION)
    return found.first() if order else None  # type: ignore[no-any-return]


def _whose(customer: Customer | None, order: Order | None, channel: str) -> Customer | None:
    """Return whose request it is, locked; the customer first and then the order."""
    if order is not None:
        known = locked_order(order.source, order.number)
        if known is None or known.anonymised_at or (customer and known.customer_id != customer.pk):
            raise OrderGone
        customer = known.customer
    if customer is None:
        return None
    return lock_open(customer) if channel == Channel.CABINET else locked_customer(customer.pk)


def _subject(whose: Customer | None, order: Order | None) -> dict[str, Any]:
    found = whose or order  # else a mark of its own
    return {"subject": found.subject} if found else {}


@transaction.atomic
def answer(*, request: Request, text: str, outcome: str, by: str) -> Request:
    """Answer a request, once; what it held is free from now on, and stays so after a restore.

    Raise Answered where somebody else was quicker, ChangedMeanwhile where its owner changed just now.
    """
    whose = Request.objects.values_list("customer", flat=True).get(pk=request.pk)
    if whose:
        locked_customer(whose)
    known: Request = Request.objects.select_for_update(of=("self",)).select_related("customer__user").get(pk=request.pk)
    if known.customer_id != whose:
        raise ChangedMeanwhile
    if not known.is_open:
        raise Answered
    known.answered_at, known.answer, known.outcome, known.answered_by = timezone.now(), text, outcome, by
    known.save(update_fields=["answered_at", "answer", "outcome", "answered_by"])
    _trace("answered", known, by, outcome=outcome)
    write("answer", known.subject, calmly=True, request=known.public_id, outcome=outcome)
    tell_answered(known)
    return known


def _trace(deed: str, request: Request, actor: str, **told: Any) -> None:
    record(f"desk.request.{deed}", subject=request.subject, actor=actor, request=request.public_id, **told)

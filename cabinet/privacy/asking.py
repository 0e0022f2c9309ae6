"""Asking for an erasure, calling it off, having it begin: the time to think is the person's own."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from cabinet.audit.recording import record
from cabinet.consents.consenting import unsubscribe
from cabinet.customers.actions import lock
from cabinet.customers.models import Customer
from cabinet.jobs import job
from cabinet.jobs.in_hand import in_hand
from cabinet.notices.models import Letter
from cabinet.notices.models import State as LetterState
from cabinet.notices.upkeep import hourly
from cabinet.privacy import erasing
from cabinet.privacy.erasures import Erasure, Reason, State, hashed
from cabinet.privacy.turns import DONE, tell_cancelled, tell_requested
from cabinet.register.holds import Keeps, holds

LONG = timedelta(hours=2)  # for a million rows; a worker that is killed loses no more
STUCK = timedelta(hours=3)


class IsStaff(Exception):
    """Accounts of staff are closed by an administrator; nothing was changed."""


class TooLate(Exception):
    """The erasure has begun and cannot be called off; nothing was changed."""


@job(lease=LONG)
def erase(pk: int) -> None:
    """Carry one erasure on."""
    erasing.run(pk)


@transaction.atomic
def ask(*, customer: Customer, reason: str = Reason.PERSON, at_once: bool = False) -> Erasure:
    """Return the erasure of this account: the one that stands (f05), or a new one; news stop now. Raise IsStaff."""
    known = lock(customer)
    standing = Erasure.objects.live().filter(customer=known).first()
    if standing:
        return standing
    if known.user.is_staff or known.user.is_superuser:
        raise IsStaff
    at_once = at_once or not settings.ERASURE_DELAY_DAYS
    now, token = timezone.now(), secrets.token_urlsafe(32)
    due = now if at_once else end_of_thinking(now)
    erasure = Erasure(
        customer=known,
        subject=known.subject,
        token_sha256=hashed(token),
        reason=reason,
        language=known.language,
        requested_at=now,
        due_at=due,
    )
    erasure.tell(token=token, email=known.user.email)
    erasure.save(force_insert=True)
    unsubscribe(customer=known)
    actor = known.user.public_id if reason == Reason.PERSON else ""
    record("privacy.erasure.requested", subject=known.subject, actor=actor, erasure=erasure.public_id)
    if at_once:
        erase.later(erasure.pk)
    else:
        tell_requested(erasure)
    return erasure


def end_of_thinking(now: datetime) -> datetime:
    """Return the same hour of the shop's clock when the days to think are over."""
    local = timezone.localtime(now, timezone.get_default_timezone())
    return local + timedelta(days=settings.ERASURE_DELAY_DAYS)  # of the wall, whatever a change of zone does


@transaction.atomic
def call_off(*, erasure: Erasure) -> None:
    """Give the account back as it was; raise TooLate once it has begun. Twice does no harm."""
    found = _locked(erasure)
    if found.state == State.CANCELLED:
        return
    if found.state != State.REQUESTED:
        raise TooLate
    customer: Any = found.customer
    found.state, found.ended_at = State.CANCELLED, timezone.now()
    found.sealed, found.subject = "", None
    found.save(update_fields=["state", "ended_at", "sealed", "subject"])
    record("privacy.erasure.cancelled", subject=customer.subject, actor=customer.user.public_id)
    tell_cancelled(found, customer.user.email)


@transaction.atomic
def hasten(*, erasure: Erasure) -> None:
    """Have it begin now; raise TooLate when it was called off meanwhile. Twice does no harm."""
    found = _locked(erasure)
    if found.state == State.REQUESTED:
        found.due_at = timezone.now()
        found.save(update_fields=["due_at"])
        record("privacy.erasure.hastened", subject=found.subject, actor=found.customer.user.public_id)
        erase.later(found.pk)
    elif found.state == State.CANCELLED:
        raise TooLate


def _locked(erasure: Erasure) -> Any:
    customer = Customer.objects.filter(erasures=erasure).first()
    if customer is None:
        raise TooLate
    lock(customer)
    return Erasure.objects.select_for_update(of=("self",)).select_related("customer__user").get(pk=erasure.pk)


@hourly
def carry_on() -> int:
    """Put every erasure that can come on, and is in no worker's hands yet, into them; return how many."""
    known = in_hand(erase)
    found = [pk for pk in ready() if pk not in known]
    for pk in found:
        erase.later(pk)
    return len(found)


def ready() -> list[int]:
    """Return the erasures that can come on now: due, stuck, or with something freed."""
    now = timezone.now()
    due = Erasure.objects.filter(state=State.REQUESTED, due_at__lte=now)
    stuck = Erasure.objects.filter(state=State.RUNNING, begun_at__lte=now - STUCK)
    return [*due.values_list("pk", flat=True), *stuck.values_list("pk", flat=True), *_freed(now)]


@hourly
def give_up_last_letters() -> int:
    """Forget the address of somebody erased whom our last letter cannot reach; return how many there were."""
    lost = Letter.objects.filter(template=DONE, state=LetterState.DEAD)
    return int(lost.delete()[0])


def _freed(now: datetime) -> list[int]:
    """Return the waiting erasures of which something, or all, is free now; one query for each hold."""
    freed: set[int] = set()
    for model, owner in {(hold.model, hold.owner) for hold in holds if hold.keeps == Keeps.WHOLE}:
        standing = [h for h in holds if h.keeps == Keeps.WHOLE and (h.model, h.owner) == (model, owner)]
        rows = standing[0].on()._default_manager.filter(**{owner: OuterRef("customer__user")})
        for hold in standing:
            rows = rows.exclude(pk__in=hold.rows(now).values("pk"))
        waiting = Erasure.objects.filter(state=State.WAITING)
        freed |= set(waiting.filter(Exists(rows)).values_list("pk", flat=True))
    return sorted(freed)

"""Erasing: what the plan says goes, goes; in steps that may be cut off anywhere and begun anew (trust.md, i5)."""

from __future__ import annotations

import logging
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from cabinet.audit.forgetting import forget
from cabinet.audit.recording import record
from cabinet.customers.models import User
from cabinet.privacy import fault_points, taking_part
from cabinet.privacy.erasures import Erasure, State
from cabinet.privacy.letting_go import Gone, go_through, known_by, under_lock
from cabinet.privacy.looking_for import hits, values_of
from cabinet.privacy.plan import what_stays
from cabinet.privacy.turns import tell_done, tell_waiting

log = logging.getLogger("kelisim.erasure")

TIMES = 5  # how often it is gone through when new rows keep arriving; then the next hour goes on


def run(pk: int) -> str:
    """Carry an erasure on as far as it can go now, and return its state; any number of crashes do no harm."""
    for deed in list(taking_part.firsts):
        deed(pk)
    try:
        erasure = _begin(pk)
        for _time in range(TIMES):
            if erasure.customer is None or go_through(erasure):
                break
        _checkpoint()
        _scan(erasure)
        return _finish(erasure)
    except Gone:
        return str(Erasure.objects.values_list("state", flat=True).get(pk=pk))


# Beginning -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def _begin(pk: int) -> Erasure:
    """Shut the account for good, and remember what the re-scan looks for."""
    erasure = under_lock(pk)
    if erasure.state == State.REQUESTED and erasure.due_at > timezone.now():
        raise Gone
    if erasure.state not in {State.REQUESTED, State.RUNNING, State.WAITING, State.FAILED}:
        raise Gone
    if erasure.state != State.RUNNING and erasure.customer:
        user = erasure.customer.user
        if erasure.begun_at is None:
            erasure.tell(email=user.email)
            erasure.begun_at = timezone.now()
            for deed in list(taking_part.marks):
                deed(erasure.customer.subject)
        erasure.tell(looked_for=[*dict.fromkeys([*values_of(user), *known_by(erasure)])])
        erasure.counted = []
        _shut(user)
    erasure.state = State.RUNNING
    erasure.save()
    fault_points.fault_point("begin")
    return erasure


def _shut(user: User) -> None:
    user.is_active = False
    user.set_unusable_password()
    user.end_sessions()
    user.save(update_fields=["is_active", "password", "session_salt"])


# Proof, and the end --------------------------------------------------------------------------------------------------


def _checkpoint() -> None:
    """Empty SQLite's write-ahead log, which kept what was deleted."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _scan(erasure: Erasure) -> None:
    """Look for the person everywhere, and keep how often each table and the files hold them still."""
    erasure.refresh_from_db()
    user = erasure.customer.user if erasure.customer else None
    Erasure.objects.filter(pk=erasure.pk).update(scan=hits(erasure.told.get("looked_for", []), user))
    fault_points.fault_point("scan")


@transaction.atomic
def _finish(erasure: Erasure) -> str:
    """Say how it stands: done, waiting for what must stay, or not complete."""
    erasure = under_lock(erasure.pk)
    if erasure.state != State.RUNNING:
        raise Gone
    if any(erasure.scan.values()):
        _fail(erasure)
    elif erasure.customer:
        _wait(erasure)
    else:
        _done(erasure)
    fault_points.fault_point("finish")
    return str(erasure.state)


def _fail(erasure: Erasure) -> None:
    erasure.state = State.FAILED
    erasure.save(update_fields=["state"])
    places = {label: count for label, count in erasure.scan.items() if count}
    log.error("erasure.incomplete", extra={"data": {"erasure": erasure.public_id, "places": places}})
    record("privacy.erasure.failed", subject=erasure.subject, erasure=erasure.public_id)


def _wait(erasure: Erasure) -> None:
    customer: Any = erasure.customer
    plan = what_stays(customer.user)
    erasure.state, erasure.waits_until = State.WAITING, plan.until
    told = erasure.told
    erasure.tell(looked_for=[], told_waiting=True)
    erasure.save(update_fields=["state", "waits_until", "sealed"])
    forget(customer.subject)
    if not told.get("told_waiting"):
        record("privacy.erasure.waiting", subject=erasure.subject, erasure=erasure.public_id)
        tell_waiting(erasure, plan)


def _done(erasure: Erasure) -> None:
    subject: Any = erasure.subject
    forget(subject)
    for deed in list(taking_part.ends):
        deed(subject)
    told = erasure.told
    path = erasure.status_path
    erasure.state, erasure.ended_at, erasure.waits_until = State.DONE, timezone.now(), None
    erasure.sealed, erasure.subject, erasure.counted = "", None, []
    erasure.seal_receipt()
    erasure.save()
    record("privacy.erasure.done", subject=subject)
    tell_done(erasure, told.get("email", ""), path)

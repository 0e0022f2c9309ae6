"""Erasing: what the plan says goes, goes; in steps that may be cut off anywhere and begun anew (trust.md, i5)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from cabinet.audit.forgetting import forget
from cabinet.audit.recording import record
from cabinet.customers.actions import lock
from cabinet.customers.models import Customer, User
from cabinet.privacy.erasures import Erasure, State
from cabinet.privacy.fault_points import fault_point
from cabinet.privacy.locking_away import Locker
from cabinet.privacy.looking_for import hits, values_of
from cabinet.privacy.plan import Part, parts_of, what_stays
from cabinet.privacy.traces import NOBODYS, forget_traces
from cabinet.privacy.turns import tell_done, tell_waiting
from cabinet.register.batches import BATCH, delete_among, in_batches
from cabinet.register.categories import Anonymise, End, register

log = logging.getLogger("kelisim.erasure")

TIMES = 5  # how often it is gone through when new rows keep arriving; then the next hour goes on

Also = Callable[[Erasure, Customer], object]  # while the customer's row is still there; safe to run twice
Mark = Callable[[UUID], object]  # told the mark of the person

firsts: list[Callable[[int], object]] = []
begins: list[Also] = []
marks: list[Mark] = []
ends: list[Mark] = []


def before(deed: Callable[[int], object]) -> Callable[[int], object]:
    """Have this told the erasure's key before anything is done about it: it may call it off."""
    if deed not in firsts:
        firsts.append(deed)
    return deed


def also(deed: Also) -> Also:
    """Have this done, too, when an erasure begins and each time it goes on."""
    if deed not in begins:
        begins.append(deed)
    return deed


def when_begun(deed: Mark) -> Mark:
    """Have this done in the transaction in which an account is closed for good, once."""
    if deed not in marks:
        marks.append(deed)
    return deed


def when_over(deed: Mark) -> Mark:
    """Have this done in the transaction in which an erasure is done: nothing is done without it."""
    if deed not in ends:
        ends.append(deed)
    return deed


class Gone(Exception):
    """Another worker has finished it, or it was called off."""


def run(pk: int) -> str:
    """Carry an erasure on as far as it can go now, and return its state; any number of crashes do no harm."""
    for deed in list(firsts):
        deed(pk)
    try:
        erasure = _begin(pk)
        for _time in range(TIMES):
            if erasure.customer is None or _through(erasure):
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
    erasure = _locked(pk)
    if erasure.state == State.REQUESTED and erasure.due_at > timezone.now():
        raise Gone
    if erasure.state not in {State.REQUESTED, State.RUNNING, State.WAITING, State.FAILED}:
        raise Gone
    if erasure.state != State.RUNNING and erasure.customer:
        user = erasure.customer.user
        if erasure.begun_at is None:
            erasure.tell(email=user.email)
            erasure.begun_at = timezone.now()
            for deed in list(marks):
                deed(erasure.customer.subject)
        erasure.tell(looked_for=[*dict.fromkeys([*values_of(user), *_looked_for(erasure)])])
        erasure.counted = []
        _shut(user)
    erasure.state = State.RUNNING
    erasure.save()
    fault_point("begin")
    return erasure


def _looked_for(erasure: Erasure) -> list[str]:
    told = erasure.told
    known: list[str] = [*told.get("looked_for", []), told.get("email", "")]
    return [value for value in known if value]


def _shut(user: User) -> None:
    user.is_active = False
    user.set_unusable_password()
    user.end_sessions()
    user.save(update_fields=["is_active", "password", "session_salt"])


def _locked(pk: int) -> Erasure:
    """Return the erasure, its customer locked first and then itself; raise Gone when the customer went meanwhile."""
    customer = Erasure.objects.values_list("customer", flat=True).get(pk=pk)
    if customer:
        try:
            lock(Customer(pk=customer))
        except Customer.DoesNotExist as error:
            raise Gone from error
    found: Erasure = Erasure.objects.select_for_update(of=("self",)).select_related("customer__user").get(pk=pk)
    return found


# Going through the parts ---------------------------------------------------------------------------------------------


def _through(erasure: Erasure) -> bool:
    """Go through all parts once; say whether nothing new had come meanwhile."""
    customer: Any = erasure.customer
    for deed in list(begins):
        deed(erasure, customer)
        fault_point("also")
    for part in parts_of(customer.user, timezone.now()):
        if not part.is_core:
            DEEDS[part.deed](erasure, part)
    with transaction.atomic():
        forget_traces(_looked_for(_locked(erasure.pk)), customer.user)
    fault_point("traces")
    # Before the lock as well, where much has gone: the first to look walks past all of it, the next does not.
    return (_is_small(erasure) or _left(customer) is not None) and _close(erasure)


def _is_small(erasure: Erasure) -> bool:
    erasure.refresh_from_db(fields=["figures"])
    return sum(count for figures in erasure.figures.values() for count in figures.values()) < BATCH


def _erase(erasure: Erasure, part: Part) -> None:
    locker = Locker(erasure.public_id, part) if part.deed == "restricted" else None
    for pks in in_batches(part.asked(Part.free).keys()):
        _batch(erasure, part, pks, locker)
        fault_point("erase")


def _batch(erasure: Erasure, part: Part, pks: list[Any], locker: Locker | None) -> None:
    """Delete those of some rows that may still go, with what of them goes under lock."""
    with transaction.atomic():
        erasure = _locked(erasure.pk)
        free = part.free_among(pks)
        # Under the customer's lock, so that it is asked once.
        keys, locked = locker.put(free) if locker else (list(free.values_list("pk", flat=True)), 0)
        gone = delete_among(part.held.of(), keys)
        _add(erasure, part, erased=gone - locked, restricted=locked)


def _anonymise(erasure: Erasure, part: Part) -> None:
    """Count the rows once, then write into them what makes them nobody's."""
    count = part.asked(Part.free).count()  # before the lock: an account that is closed gets nothing new
    if count:
        _count(erasure, part, count)
    fault_point("count")
    if count and part.held.anonymise:
        _change(erasure, part, part.held.anonymise)


@transaction.atomic
def _count(erasure: Erasure, part: Part, count: int) -> None:
    erasure = _locked(erasure.pk)
    if part.key not in erasure.counted:
        erasure.counted.append(part.key)
        _add(erasure, part, anonymised=count)


def _change(erasure: Erasure, part: Part, change: Anonymise) -> None:
    for pks in in_batches(part.asked(Part.to_change).keys()):
        with transaction.atomic():
            _locked(erasure.pk)
            part.free_among(pks).update(**change.changes())
        fault_point("anonymise")


DEEDS = {"erased": _erase, "restricted": _erase, "anonymised": _anonymise}


def _add(erasure: Erasure, part: Part, **counts: int) -> None:
    """Count what was done, in the transaction in which it was done."""
    figures = erasure.figures.setdefault(part.key, {})
    for name, count in counts.items():
        if count:
            figures[name] = figures.get(name, 0) + count
    if not figures:
        del erasure.figures[part.key]
    erasure.save(update_fields=["figures", "counted"])


# The person's own rows, last -----------------------------------------------------------------------------------------


@transaction.atomic
def _close(erasure: Erasure) -> bool:
    """Delete the person's own rows, or empty them where something of theirs still stays; no: new rows have come."""
    erasure = _locked(erasure.pk)
    if erasure.customer is None:
        raise Gone
    customer: Any = erasure.customer
    kept = _left(customer)
    if kept is None:
        return False
    for part in parts_of(customer.user, timezone.now()):
        if part.is_core and not erasure.figures.get(part.key, {}).get("erased"):
            _add(erasure, part, erased=1)
    _set_kept(erasure, kept)
    _empty(customer) if any(kept.values()) else _remove(erasure, customer)
    fault_point("close")
    return True


def _left(customer: Customer) -> dict[str, int] | None:
    """Return how many rows stay, by part; None where some are free, because they have come meanwhile."""
    parts = parts_of(customer.user, timezone.now())
    if any(part.asked(Part.free).is_any() for part in parts if part.deed != "anonymised" and not part.is_core):
        return None
    if any(part.asked(Part.to_change).is_any() for part in parts if part.held.anonymise):
        return None
    return {part.key: part.asked(Part.kept).count() for part in parts}


def _set_kept(erasure: Erasure, kept: dict[str, int]) -> None:
    for key, count in kept.items():
        figures = {name: value for name, value in erasure.figures.get(key, {}).items() if name != "kept"}
        erasure.figures[key] = figures | ({"kept": count} if count else {})
    erasure.figures = {key: figures for key, figures in erasure.figures.items() if figures}
    erasure.save(update_fields=["figures"])


def _empty(customer: Customer) -> None:
    """Leave nothing in the rows but what other rows hang on, and the language of letters about what still waits.

    What goes comes from the register, so that a field which is declared tomorrow is emptied, too.
    """
    declared = {name for held in register.holding(Customer) for name, end in held.fields.items() if end is End.ERASE}
    nothing = {name: Customer._meta.get_field(name).get_default() for name in declared}  # type: ignore[union-attr]
    empty = {name: value for name, value in nothing.items() if value in ("", None) and name != "language"}
    Customer.objects.filter(pk=customer.pk).update(**empty)
    User.objects.filter(pk=customer.user_id).update(
        email=f"{customer.user.public_id}{NOBODYS}".lower(), first_name="", last_name="", last_login=None
    )


def _remove(erasure: Erasure, customer: Customer) -> None:
    erasure.customer = None
    erasure.save(update_fields=["customer"])
    customer.user.delete()


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
    fault_point("scan")


@transaction.atomic
def _finish(erasure: Erasure) -> str:
    """Say how it stands: done, waiting for what must stay, or not complete."""
    erasure = _locked(erasure.pk)
    if erasure.state != State.RUNNING:
        raise Gone
    if any(erasure.scan.values()):
        _fail(erasure)
    elif erasure.customer:
        _wait(erasure)
    else:
        _done(erasure)
    fault_point("finish")
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
    for deed in list(ends):
        deed(subject)
    told = erasure.told
    path = erasure.status_path
    erasure.state, erasure.ended_at, erasure.waits_until = State.DONE, timezone.now(), None
    erasure.sealed, erasure.subject, erasure.counted = "", None, []
    erasure.seal_receipt()
    erasure.save()
    record("privacy.erasure.done", subject=subject)
    tell_done(erasure, told.get("email", ""), path)

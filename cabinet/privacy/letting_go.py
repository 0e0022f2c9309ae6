"""What the plan says goes, goes: part by part, the person's own rows last (trust.md, i5)."""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from cabinet.customers.actions import lock
from cabinet.customers.models import Customer, User
from cabinet.privacy import fault_points, taking_part
from cabinet.privacy.erasures import Erasure
from cabinet.privacy.locking_away import Locker, Put
from cabinet.privacy.plan import Part, parts_of
from cabinet.privacy.traces import NOBODYS, forget_traces
from cabinet.register.batches import BATCH, delete_among, in_batches
from cabinet.register.categories import Anonymise, End, register

MANY = 100_000  # rows of a part; where fewer went, what PostgreSQL counted before does not lead it far astray


class Gone(Exception):
    """Another worker has finished it, or it was called off."""


def under_lock(pk: int) -> Erasure:
    """Return the erasure, its customer locked first and then itself; raise Gone when the customer went meanwhile."""
    customer = Erasure.objects.values_list("customer", flat=True).get(pk=pk)
    if customer:
        try:
            lock(Customer(pk=customer))
        except Customer.DoesNotExist as error:
            raise Gone from error
    found: Erasure = Erasure.objects.select_for_update(of=("self",)).select_related("customer__user").get(pk=pk)
    return found


def known_by(erasure: Erasure) -> list[str]:
    """Return by what the person is known, as far as the erasure remembers it."""
    told = erasure.told
    known: list[str] = [*told.get("looked_for", []), told.get("email", "")]
    return [value for value in known if value]


# Going through the parts ---------------------------------------------------------------------------------------------


def go_through(erasure: Erasure) -> bool:
    """Go through all parts once; say whether nothing new had come meanwhile."""
    customer: Any = erasure.customer
    for deed in list(taking_part.begins):
        deed(erasure, customer)
        fault_points.fault_point("also")
    for part in parts_of(customer.user, timezone.now()):
        if not part.is_core:
            DEEDS[part.deed](erasure, part)
    with transaction.atomic():
        forget_traces(known_by(under_lock(erasure.pk)), customer.user)
    fault_points.fault_point("traces")
    _have_counted(erasure, customer)
    # Before the lock as well, where much has gone: the first to look walks past all of it, the next does not.
    return (_is_small(erasure) or _left(customer) is not None) and let_person_go(erasure)


def _have_counted(erasure: Erasure, customer: Customer) -> None:
    """Have PostgreSQL count anew the tables of which very much has gone.

    By what it knew before, half a table is this person's: for each key that leads to them it would go through all of
    it, while they are locked.
    """
    if connection.vendor != "postgresql":
        return
    erasure.refresh_from_db(fields=["figures"])
    gone = [part for part in parts_of(customer.user, timezone.now()) if _done(erasure, part) >= MANY]
    with connection.cursor() as cursor:
        for table in {part.held.of()._meta.db_table for part in gone}:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(table)}")
    for part in gone:  # whoever looks first walks past all that has gone
        part.rows.order_by().exists()


def _done(erasure: Erasure, part: Part) -> int:
    return sum(erasure.figures.get(part.key, {}).values())


def _is_small(erasure: Erasure) -> bool:
    erasure.refresh_from_db(fields=["figures"])
    return sum(count for figures in erasure.figures.values() for count in figures.values()) < BATCH


def _erase(erasure: Erasure, part: Part) -> None:
    locker = Locker(erasure.public_id, part) if part.deed == "restricted" else None
    for pks in in_batches(part.asked(Part.free).keys()):
        while pks:
            pks = _batch(erasure, part, pks, locker)
            fault_points.fault_point("erase")


def _batch(erasure: Erasure, part: Part, pks: list[Any], locker: Locker | None) -> list[Any]:
    """Delete those of some rows that may still go, with what of them goes under lock; return what is left to do."""
    with transaction.atomic():
        erasure = under_lock(erasure.pk)
        free = part.free_among(pks)
        # Under the customer's lock, so that it is asked once.
        put = locker.put(free) if locker else Put(list(free.values_list("pk", flat=True)))
        gone = delete_among(part.held.of(), put.keys)
        _add(erasure, part, erased=gone - put.locked, restricted=put.locked)
        return [] if put.is_all else sorted(set(pks).difference(put.keys))


def _anonymise(erasure: Erasure, part: Part) -> None:
    """Count the rows once, then write into them what makes them nobody's."""
    count = part.asked(Part.free).count()  # before the lock: an account that is closed gets nothing new
    if count:
        _count(erasure, part, count)
    fault_points.fault_point("count")
    if count and part.held.anonymise:
        _change(erasure, part, part.held.anonymise)


@transaction.atomic
def _count(erasure: Erasure, part: Part, count: int) -> None:
    erasure = under_lock(erasure.pk)
    if part.key not in erasure.counted:
        erasure.counted.append(part.key)
        _add(erasure, part, anonymised=count)


def _change(erasure: Erasure, part: Part, change: Anonymise) -> None:
    for pks in in_batches(part.asked(Part.to_change).keys()):
        with transaction.atomic():
            under_lock(erasure.pk)
            part.free_among(pks).update(**change.changes())
        fault_points.fault_point("anonymise")


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
def let_person_go(erasure: Erasure) -> bool:
    """Delete the person's own rows, or empty them where something of theirs still stays; no: new rows have come."""
    erasure = under_lock(erasure.pk)
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
    fault_points.fault_point("close")
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

"""In whose hands an order is: taken from the queue, or given by a supervisor; one hand at a time."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from cabinet.audit.recording import record
from cabinet.customers.models import User
from cabinet.orders.models import Assignment, Order
from cabinet.orders.seeing import CARRY_OUT, waiting

MOST_TRIES = 20  # colleagues who click in the same moment


def take_next(*, staff: Any) -> Order | None:
    """Give the colleague the oldest order that nobody has in hand; None where none waits.

    Two who click at once get different orders: the second skips the row that the first has locked, and where it was
    too early to see that, the database refuses a second hand and the next order is tried.
    """
    for _try in range(MOST_TRIES):
        try:
            return _take(staff)
        except IntegrityError:
            continue
    return None


@transaction.atomic
def _take(staff: Any) -> Order | None:
    can_skip = connection.features.has_select_for_update_skip_locked
    order: Order | None = waiting().select_for_update(skip_locked=can_skip, of=("self",) if can_skip else ()).first()
    if order is not None:
        _hand_over(order, staff, by="")
    return order


@transaction.atomic
def assign(*, order: Order, staff: Any, by: Any) -> None:
    """Put an open order into these hands, None: back into the queue; it leaves all others. Twice changes nothing."""
    known = Order.objects.select_for_update().get(pk=order.pk)
    standing = Assignment.objects.filter(order=known, until=None).first()
    if known.has_ended or (standing.staff_id if standing else None) == (staff.pk if staff else None):
        return
    Assignment.objects.filter(order=known, until=None).update(until=timezone.now())
    if staff is None:
        _trace(known, None, by.public_id)
    else:
        _hand_over(known, staff, by=by.public_id)


def _hand_over(order: Order, staff: Any, by: str) -> None:
    Assignment.objects.create(order=order, staff=staff, by=by)
    _trace(order, staff, by or staff.public_id)


def _trace(order: Order, staff: Any, actor: str) -> None:
    told = {"order": order.number, "staff": staff.public_id if staff else ""}
    record("orders.order.assigned", subject=order.subject, actor=actor, **told)


def colleagues() -> QuerySet[User]:
    """Return whom orders can be given to: active staff who may carry them out."""
    app_label, codename = CARRY_OUT.split(".")
    may = {"content_type__app_label": app_label, "codename": codename}
    by_group = Q(**{f"groups__permissions__{name}": value for name, value in may.items()})
    of_their_own = Q(**{f"user_permissions__{name}": value for name, value in may.items()})
    found = User.objects.filter(by_group | of_their_own, is_active=True, is_staff=True)
    return found.distinct().order_by("first_name", "last_name", "pk")

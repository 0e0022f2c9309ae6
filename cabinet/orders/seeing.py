"""Who on staff may see the person behind an order, decided in one place; every look is in the read log first (s19).

The right ends at once when the order ends, the assignment does, or the colleague loses the permission: nothing is
cleaned up later, each request asks anew.
"""

from __future__ import annotations

from typing import Any

from django.db import DatabaseError
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from cabinet.audit.chain import AuditError
from cabinet.audit.recording import record_read
from cabinet.orders.models import Assignment, BreakGlass, Order, OrderPerson

CARRY_OUT, ASSIGN, PAY = "orders.carry_out_order", "orders.assign_order", "orders.pay_refund"
TAKE_BY_PHONE, BREAK_GLASS = "orders.take_phone_order", "orders.break_glass"

NO_LOG = (AuditError, DatabaseError)  # whatever keeps a look out of the log keeps the data from the screen


class NotSeen(Exception):
    """The look could not be written into the read log, so nothing is shown."""


def visible_to(user: Any) -> Any:
    """Return the orders whose person this colleague may see now: in hand and open, or by an emergency access."""
    return Order.objects.filter(_in_hand(user) | _by_emergency(user))


def in_hand(user: Any) -> Any:
    """Return the open orders assigned to this colleague."""
    return Order.objects.filter(_in_hand(user))


def listed_for(user: Any) -> Any:
    """Return the orders whose number, status, sum and city the colleague may know: of a supervisor, all open ones."""
    if user.has_perm(ASSIGN):
        return Order.objects.filter(Q(ended_at=None) | _by_emergency(user))
    return visible_to(user)


def waiting() -> Any:
    """Return the open orders that nobody has in hand, the oldest first."""
    taken = Assignment.objects.filter(order=OuterRef("pk"), until=None)
    return Order.objects.being_carried_out().filter(~Exists(taken)).order_by("placed_at", "pk")


def _in_hand(user: Any) -> Q:
    if not user.has_perm(CARRY_OUT):
        return Q(pk__in=[])
    own = Assignment.objects.filter(order=OuterRef("pk"), staff=user.pk, until=None)
    return Q(Exists(own), ended_at=None)


def _by_emergency(user: Any) -> Q:
    if not user.has_perm(BREAK_GLASS):
        return Q(pk__in=[])
    opened = BreakGlass.objects.filter(officer=user.pk, subject=OuterRef("subject"), until__gt=timezone.now())
    return Q(Exists(opened))


def reveal(*, user: Any, public_id: str, reason: str) -> OrderPerson | None:
    """Return the person behind an order once the look is in the read log; None for whom it is not to be seen.

    Raise NotSeen where the log does not take the line: no log, no data (trust.md, s19 and s23).
    """
    order = visible_to(user).filter(public_id=public_id).select_related("person").first()
    if order is None or not hasattr(order, "person"):
        return None
    log_look(user=user, subject=order.subject, what=what_of(order), reason=reason)
    return OrderPerson.objects.filter(order__in=visible_to(user), pk=order.person.pk).first()


def what_of(order: Any) -> str:
    """Return what is seen of an order, in the person's own language: it stands on their page of readers."""
    with override(order.person.language):
        return _("Name, phone, e-mail, address and note of order %(number)s") % {"number": order.number}


def log_look(*, user: Any, subject: Any, what: str, reason: str) -> None:
    """Write the look into the read log; raise NotSeen where that fails."""
    try:
        record_read(reader=user.public_id, subject=subject, what=what, reason=reason)
    except NO_LOG as error:
        raise NotSeen from error

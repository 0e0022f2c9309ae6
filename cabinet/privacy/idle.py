"""Accounts that nobody uses any longer end: after two letters, by the same deletion as on request (R7, policy 3.1)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction
from django.db.models import DateTimeField, Exists, F, OuterRef, Q, QuerySet, Value
from django.utils import timezone

from cabinet.audit.recording import record
from cabinet.consents.models import ConsentReceipt
from cabinet.customers.actions import lock
from cabinet.customers.models import Customer, User
from cabinet.notices.models import Letter, State
from cabinet.notices.upkeep import hourly
from cabinet.orders.models import Order
from cabinet.privacy import taking_part
from cabinet.privacy.asking import ask, call_off
from cabinet.privacy.erasures import Erasure, Reason
from cabinet.privacy.erasures import State as ErasureState
from cabinet.privacy.idle_letters import FIRST, LAST, tell
from cabinet.privacy.idle_warnings import IdleWarning
from cabinet.privacy.terms import singly
from cabinet.register.wording import AT, Asked, Moment, worded

EARLY, LATE = timedelta(days=30), timedelta(days=7)  # before the deletion, each letter at least so long
AT_ONCE = 200  # letters of each kind in one hour: a shop that begins with this writes to thousands
UNSETTLED = (State.WAITING, State.DEAD)  # nobody has read it; staff send a dead letter again, or give it up


# Who ----------------------------------------------------------------------------------------------------------------


def unused_since(edge: Any) -> QuerySet[User]:
    """Return customers who have not signed in, been seen, ordered or answered about consent since a moment.

    `edge` is an expression on the account. Staff are none of them, nor who is shut, goes already, or is of the demo.
    """
    accounts = User.objects.filter(is_active=True, is_staff=False, is_superuser=False, is_demo=False)
    accounts = accounts.filter(groups=None, user_permissions=None, customer__isnull=False).annotate(edge=edge)
    accounts = accounts.filter(Q(last_login=None) | Q(last_login__lte=F("edge")), date_joined__lte=F("edge"))
    theirs = Q(customer__user=OuterRef("pk"))
    return accounts.filter(
        ~Exists(UserSession.objects.filter(user=OuterRef("pk"), last_seen_at__gt=OuterRef("edge"))),
        ~Exists(Order.objects.filter(theirs, placed_at__gt=OuterRef("edge"))),
        ~Exists(ConsentReceipt.objects.filter(subject=OuterRef("customer__subject"), at__gt=OuterRef("edge"))),
        ~Exists(Erasure.objects.live().filter(theirs)),
    )


def idle(at: datetime) -> QuerySet[User]:
    """Return customers whom nobody has seen for IDLE_ACCOUNT_DAYS; none where that is 0."""
    if not settings.IDLE_ACCOUNT_DAYS:
        return User.objects.none()
    edge: Any = at - timedelta(days=settings.IDLE_ACCOUNT_DAYS)
    return unused_since(edge if isinstance(edge, Moment) else Value(edge, output_field=DateTimeField()))


def warned(at: datetime) -> QuerySet[User]:
    """Return those of them whose last letter has been on its way, or read, for its whole time.

    A letter that waits for the mail server, or could not be delivered and waits for staff, keeps the account.
    """
    late = at - LATE
    told = {"customer__idle_warning__ends_at__lte": at, "customer__idle_warning__last_at__lte": late}
    letters = Letter.objects.filter(account=OuterRef("pk"), template=LAST)
    unread = letters.filter(Q(state__in=UNSETTLED) | Q(settled_at__gt=late))
    back = unused_since(F("customer__idle_warning__first_at"))
    return idle(at).filter(~Exists(unread), **told, pk__in=back.values("pk"))


# Letters ------------------------------------------------------------------------------------------------------------


@hourly
def warn() -> int:
    """Write to whom it is time to write, each letter once; return how many letters were posted. Twice does no harm.

    However late this comes, the account stays 30 days after the first letter and 7 after the last.
    """
    now = timezone.now()
    take_back(now)
    unwarned = worded(idle, lambda: idle(AT + EARLY).filter(customer__idle_warning=None).order_by("pk")[:AT_ONCE])
    first = User.objects.filter(pk__in=Asked(unwarned, now).keys()).select_related("customer").order_by("pk")
    last = IdleWarning.objects.filter(last_at=None, ends_at__lte=now + LATE).order_by("pk")[:AT_ONCE]
    posted = [_warn_first(user.customer, now) for user in first]
    return sum(posted) + sum(_warn_last(warning, now) for warning in last.select_related("customer__user"))


def take_back(now: datetime) -> int:
    """Forget the letters to whoever has come back, or may stay longer by now; return to how many."""
    if not IdleWarning.objects.exists():
        return 0
    still = unused_since(F("customer__idle_warning__first_at")).filter(pk__in=idle(now + EARLY).values("pk"))
    return int(IdleWarning.objects.exclude(customer__user__in=still.values("pk")).delete()[0])


@transaction.atomic
def _warn_first(customer: Customer, now: datetime) -> bool:
    known = lock(customer)
    told = {"first_at": now, "ends_at": now + EARLY}
    warning, is_new = IdleWarning.objects.get_or_create(customer=known, defaults=told)
    if is_new:
        _tell(FIRST, warning)
    return is_new


@transaction.atomic
def _warn_last(warning: IdleWarning, now: datetime) -> bool:
    warning.ends_at = max(warning.ends_at, now + LATE)
    mine = IdleWarning.objects.filter(pk=warning.pk, last_at=None)
    is_new = bool(mine.update(last_at=now, ends_at=warning.ends_at))  # of two processes, one
    if is_new:
        _tell(LAST, warning)
    return is_new


def _tell(template: str, warning: IdleWarning) -> None:
    tell(template, warning.customer, warning.ends_at)
    record("privacy.idle.warned", subject=warning.customer.subject)


# The end ------------------------------------------------------------------------------------------------------------


@singly("customers.account", "customers.User", warned)
@transaction.atomic
def end(pk: int) -> bool:
    """Ask for the erasure of an idle account, unless somebody has used it this moment; say whether it was asked for."""
    customer = Customer.objects.filter(user=pk).first()
    if customer is None:
        return False
    lock(customer)
    is_due = warned(timezone.now()).filter(pk=pk).exists()
    if is_due:
        ask(customer=customer, reason=Reason.IDLE, at_once=True)
    return is_due


@taking_part.before
def call_off_who_is_back(pk: int) -> None:
    """Let an account stay into which somebody signed in between the asking and the deletion."""
    asked: Any = Erasure.objects.filter(pk=pk, reason=Reason.IDLE, state=ErasureState.REQUESTED).first()
    if asked and User.objects.filter(customer__erasures=asked, last_login__gt=asked.requested_at).exists():
        call_off(erasure=asked)

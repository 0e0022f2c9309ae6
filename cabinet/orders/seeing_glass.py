"""Emergency access: the officer's way to a person without an order in hand, for a reason, for a while, and told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import get_default_timezone, localtime
from django.utils.translation import gettext as _
from django.utils.translation import override
from phonenumber_field.phonenumber import to_python

from cabinet.audit.recording import record
from cabinet.customers.models import Customer, normalise_email
from cabinet.orders.models import BreakGlass, Order, OrderPerson
from cabinet.orders.seeing import BREAK_GLASS, log_look
from cabinet.orders.seeing_letters import tell_of_emergency
from cabinet.orders.seeing_masks import mask_email, mask_name, mask_phone

MOST_FOUND = 20


@dataclass(frozen=True)
class Found:
    """Somebody with orders, masked."""

    subject: UUID
    name: str
    phone: str
    email: str
    orders: int


@transaction.atomic
def find(*, officer: Any, term: str) -> list[Found]:
    """Return who has this order number, e-mail or phone, whole and exact; the search leaves a line with its count."""
    orders = Order.objects.filter(_is(term), anonymised_at=None).order_by("-placed_at", "-pk")
    subjects = list(dict.fromkeys(orders.values_list("subject", flat=True)[:200]))[:MOST_FOUND]
    found = [_masked(subject) for subject in subjects]
    record("orders.glass.searched", actor=officer.public_id, found=len(found))
    return found


def _is(term: str) -> Q:
    email, phone = normalise_email(term), _phone(term)
    people = Q(person__email__iexact=email) | Q(customer__user__email=email) if "@" in email else Q(pk__in=[])
    phones = Q(person__phone=phone) | Q(customer__phone=phone) if phone else Q(pk__in=[])
    return Q(number=term.strip()) | people | phones


def _phone(term: str) -> Any:
    try:
        phone = to_python(term, region=settings.PHONENUMBER_DEFAULT_REGION)
    except ValidationError:
        return None
    return phone if phone and phone.is_valid() else None


def _masked(subject: UUID) -> Found:
    orders = Order.objects.of_mark(subject)
    customer = Customer.objects.filter(subject=subject).select_related("user").first()
    person = OrderPerson.objects.filter(order__in=orders).order_by("-order__placed_at").first()
    name = customer.full_name if customer else person.name if person else ""
    phone = customer.phone if customer else person.phone if person else ""
    email = customer.user.email if customer else person.email if person else ""
    return Found(subject, mask_name(name), mask_phone(phone), mask_email(email), orders.count())


@transaction.atomic
def open_glass(*, officer: Any, subject: UUID, reason: str) -> BreakGlass:
    """Return the access, a new one or the one that is open; the log has it first, and the person gets a letter.

    Raise NotSeen where the log takes no line, and Order.DoesNotExist where the mark is nobody's with an order.
    """
    if not officer.has_perm(BREAK_GLASS) or not Order.objects.of_mark(subject).select_for_update().count():
        raise Order.DoesNotExist
    now = timezone.now()
    standing = BreakGlass.objects.filter(officer=officer, subject=subject, until__gt=now).first()
    if standing:
        return standing
    until = now + timedelta(minutes=settings.BREAK_GLASS_MINUTES)
    opened = BreakGlass.objects.create(officer=officer, subject=subject, reason=reason, opened_at=now, until=until)
    email, language, account = _address(subject)
    with override(language):
        clock = date_format(localtime(until, get_default_timezone()), "DATETIME_FORMAT")
        what = _("Emergency access to your orders until %(until)s") % {"until": clock}
    if email:
        tell_of_emergency(to=email, language=language, account=account, reason=reason, until=clock)
    log_look(user=officer, subject=subject, what=what, reason=reason)
    record("orders.glass.opened", subject=subject, actor=officer.public_id, access=opened.public_id)
    return opened


def _address(subject: UUID) -> tuple[str, str, Any]:
    """Return where the person is written to, in which language, and their account."""
    customer = Customer.objects.filter(subject=subject).select_related("user").first()
    if customer:
        return customer.user.email, customer.language, customer.user
    people = OrderPerson.objects.filter(order__in=Order.objects.of_mark(subject)).exclude(email="")
    person = people.order_by("-order__placed_at").first()
    return (person.email, person.language, None) if person else ("", settings.LANGUAGE_CODE, None)

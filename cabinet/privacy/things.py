"""Single things a customer deletes at once, whatever orders are held (policy 6.2): a field, an address, a session."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import models, transaction
from django.db.models import F
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from cabinet.audit.recording import record
from cabinet.consents.consenting import withdraw
from cabinet.consents.ledger import ConsentReceipt
from cabinet.consents.purposes import NEWS, title_of
from cabinet.customers.actions import lock
from cabinet.customers.models import Address, Customer
from cabinet.customers.second_factor import end_other_sessions
from cabinet.privacy.plan import CORE
from cabinet.register.categories import Category, register
from cabinet.register.holds import Keeps, holds
from cabinet.register.values import is_empty, readable

FIELDS = {  # field of the customer, and its category
    "first_name": "customers.name",
    "last_name": "customers.name",
    "phone": "customers.phone",
    "birth_date": "customers.birth_date",
    "postal_address": "customers.postal_address",
}
IN_ORDERS = {"first_name", "last_name", "phone"}  # what an order remembers of its own
OF_ORDERS = "orders.people"
SHOWN = 5


@dataclass(frozen=True)
class Thing:
    """One thing, and the deed that deletes it; where a page that does it is there already, its address."""

    key: str
    title: Any
    value: str
    category: str
    delete: Callable[[Any], object] | None = None
    url: str = ""
    in_orders: bool = False
    wants_fresh: bool = False  # s12: whoever sits before an open session alone must not do it

    @property
    def path(self) -> str:
        """Return the page that asks once more and deletes it."""
        return self.url or reverse("erase_thing", args=[self.key])


def things_of(request: Any) -> list[Thing]:
    """Return what the signed-in customer can delete by itself, in the order of the pages of the cabinet."""
    customer = request.customer
    return [*_fields(customer), *_addresses(customer), *_news(customer), *_sign_in(request), *_wholes(customer)]


def _fields(customer: Customer) -> Iterator[Thing]:
    for name, category in FIELDS.items():
        if not is_empty(customer, name) and not settings.ASKED_FIELDS.get(name):
            title = capfirst(str(Customer._meta.get_field(name).verbose_name))  # type: ignore[union-attr]
            yield Thing(
                key=name.replace("_", "-"),
                title=title,
                value=readable(customer, name),
                category=category,
                delete=partial(_erase_field, name),
                in_orders=name in IN_ORDERS,
                wants_fresh=name == "phone",
            )


def _addresses(customer: Customer) -> Iterator[Thing]:
    for address in customer.addresses.present():
        yield Thing(
            key=f"address.{address.public_id}",
            title=address.label or _("Delivery address"),
            value=address.line,
            category="customers.addresses",
            delete=partial(_erase_address, address.pk),
            in_orders=True,
        )


def _news(customer: Customer) -> Iterator[Thing]:
    found = ConsentReceipt.objects.of(customer.subject).in_force().filter(purpose__in=NEWS).order_by("pk")
    for purpose, medium in found.values_list("purpose", "medium"):
        yield Thing(
            key=f"news.{purpose}.{medium}",
            title=_("Subscription"),
            value=title_of(purpose, medium),
            category="consents.consents",
            delete=partial(_end_news, purpose, medium),
        )


def _sign_in(request: Any) -> Iterator[Thing]:
    others = UserSession.objects.filter(user=request.user).exclude(session_key=request.session.session_key).count()
    if others:
        yield Thing(
            key="sessions",
            title=_("Other sessions"),
            value=str(others),
            category="customers.sessions",
            delete=_end_others,
        )
    yield from map(_authenticator, request.user.authenticator_set.exclude(type=Authenticator.Type.RECOVERY_CODES))


def _authenticator(found: Authenticator) -> Thing:
    """Return a passkey or an app; the page that asks once more is allauth's, which writes a letter and tidies up."""
    is_passkey = found.type == Authenticator.Type.WEBAUTHN
    return Thing(
        key=f"authenticator.{found.pk}",
        title=_("Passkey") if is_passkey else _("Authenticator app"),
        value=found.wrap().name if is_passkey else "",
        category="customers.sign_in_security",
        url=reverse("mfa_remove_webauthn", args=[found.pk]) if is_passkey else reverse("mfa_deactivate_totp"),
    )


def _wholes(customer: Customer) -> Iterator[Thing]:
    for category in register:
        several = category.alone and not any(held.model in CORE for held in category.held)
        count = sum(held.rows(customer.user).count() for held in category.held) if several else 0
        if count:
            yield Thing(
                key=f"category.{category.key.replace('.', '-')}",
                title=category.title,
                value=str(count),
                category=category.key,
                delete=partial(_erase_category, category),
                in_orders=category.key == "customers.addresses",
            )


def _erase_field(name: str, request: Any) -> None:
    erase_field(customer=request.customer, name=name)


def _erase_address(pk: int, request: Any) -> None:
    erase_address(customer=request.customer, pk=pk)


def _erase_category(category: Category, request: Any) -> None:
    erase_category(customer=request.customer, category=category)


def _end_news(purpose: str, medium: str, request: Any) -> None:
    withdraw(customer=request.customer, purpose=purpose, medium=medium)


def _end_others(request: Any) -> None:
    end_other_sessions(request, request.user)


# Deeds ---------------------------------------------------------------------------------------------------------------


@transaction.atomic
def erase_field(*, customer: Customer, name: str) -> None:
    """Empty one field of the customer; an older window cannot write it back unseen. Twice does no harm."""
    known = lock(customer)
    if is_empty(known, name):
        return
    nothing = None if name == "birth_date" else ""
    Customer.objects.filter(pk=known.pk).update(**{name: nothing, "version": F("version") + 1})
    _record(known, "customers.profile.changed", fields=[name])


@transaction.atomic
def erase_address(*, customer: Customer, pk: int) -> None:
    """Delete an address for good, without the way back that removing it leaves. Twice does no harm."""
    known = lock(customer)
    _remove(known, Address.objects.filter(customer=known, pk=pk))


@transaction.atomic
def erase_category(*, customer: Customer, category: Category) -> None:
    """Delete all rows of a category. Twice does no harm."""
    known = lock(customer)
    for held in category.held:
        if held.of() is Address:
            _remove(known, held.rows(known.user))
        elif held.rows(known.user).delete()[0]:
            _record(known, "privacy.thing.erased", what=category.key)


def _remove(customer: Customer, addresses: models.QuerySet[Any]) -> None:
    public_ids = list(addresses.values_list("public_id", flat=True))
    addresses.delete()
    for public_id in public_ids:  # marked by gone_again.py, so that no restore brings it back
        _record(customer, "customers.address.removed", address=public_id)


def _record(customer: Customer, name: str, **told: Any) -> None:
    record(name, subject=customer.subject, actor=customer.user.public_id, **told)


def staying(account: Any) -> list[tuple[str, datetime | None]]:
    """Return the orders that remember to whom and where they go, and until when they must; one query a hold."""
    found: dict[str, datetime | None] = {}
    for hold in holds.over(register.by_key[OF_ORDERS], Keeps.WHOLE):
        rows = hold.of(account).order_by("-pk").values_list(hold.reference, "held_until")
        for number, until in rows[:SHOWN]:
            found[number] = _later(found[number], until) if number in found else until
    return list(found.items())[:SHOWN]


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max(one, other) if one and other else None

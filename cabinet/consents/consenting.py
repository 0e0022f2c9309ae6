"""Giving and withdrawing consent: each changes nothing that stands and adds a receipt, or nothing at all."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from cabinet.audit.recording import record
from cabinet.consents.composing import Composed
from cabinet.consents.ledger import Channel, ConsentReceipt, ConsentText, SignedName
from cabinet.consents.purposes import ASKED, NEWS
from cabinet.consents.told_shop import tell_of
from cabinet.customers.actions import lock, lock_open
from cabinet.customers.models import Customer
from cabinet.register.categories import Purpose

SALT = 32  # bytes, as long as the hash: a name cannot be found by trying names
BY_STAFF = {Channel.PHONE, Channel.PAPER}


class ClosesAccount(Exception):
    """Withdrawing this consent would mean closing the account, which is another deed; nothing was changed."""


@transaction.atomic
def give(
    *, customer: Customer, composed: Composed, channel: str = Channel.SITE, recorded_by: str = "", renew: bool = False
) -> ConsentReceipt:
    """Return the receipt of this consent: a new one, or the one that stands when nothing changes (i2).

    `renew` says that the person was asked again; then a consent to other words is a new receipt. Raise ValueError
    for a consent taken by staff that does not say by whom, AccountClosed where the account is closed.
    """
    known = lock_open(customer)
    last = _last(known.subject, composed.asked.purpose, composed.medium)
    if last and last.given and (not renew or last.text_sha256 == composed.sha256):
        return last
    return _give(_Person.behind(known), last, composed.seal(), channel, recorded_by, timezone.now())


@transaction.atomic
def give_for(
    *,
    subject: UUID,
    full_name: str,
    composed: Composed | ConsentText,
    channel: str,
    recorded_by: str = "",
    at: datetime | None = None,
) -> ConsentReceipt:
    """Return the receipt of a consent by somebody without an account: a new one, or the one that stands.

    `subject` is the mark under which their order stands, `composed` the words they heard or read, `at` when they
    agreed where that was not now. Hold the lock of their order, for they have no row of their own. Raise ValueError
    for a consent taken by staff that does not say by whom.
    """
    text = composed if isinstance(composed, ConsentText) else composed.seal()
    last = _last(subject, text.purpose, text.medium)
    if last and last.given:
        return last
    return _give(_Person(subject, full_name), last, text, channel, recorded_by, at or timezone.now())


@transaction.atomic
def withdraw(
    *,
    customer: Customer,
    purpose: str,
    medium: str = "",
    channel: str = Channel.SITE,
    recorded_by: str = "",
    at: datetime | None = None,
) -> ConsentReceipt | None:
    """Return the receipt of the withdrawal, None where nothing was given; it bears the words once agreed to.

    `at` is when it was withdrawn, where that is not now.

    Raise ClosesAccount for the consent without which there is no account.
    """
    known = lock(customer)
    last = _last(known.subject, purpose, medium)
    if last is None or not last.given:
        return last
    if ASKED[Purpose(purpose)].is_of_account:
        raise ClosesAccount
    person, then = _Person.behind(known), at or timezone.now()
    return _add(person, last, channel, recorded_by, given=False, text=last.text, at=then)


@transaction.atomic
def withdraw_for(*, subject: UUID, full_name: str, purpose: str, channel: str) -> ConsentReceipt | None:
    """Return the receipt of a withdrawal by somebody without an account, None where nothing was given.

    Hold the lock of their order. They have no account, so there is none to close.
    """
    last = _last(subject, purpose, "")
    if last is None or not last.given:
        return last
    return _add(_Person(subject, full_name), last, channel, "", given=False, text=last.text, at=timezone.now())


@transaction.atomic
def unsubscribe(*, customer: Customer, topic: str = "", medium: str = "", channel: str = Channel.SITE) -> int:
    """Withdraw the consents to news, of one topic and medium or of all; return how many were withdrawn."""
    lock(customer)
    found = ConsentReceipt.objects.of(customer.subject).in_force().filter(purpose__in=NEWS)
    wanted = {name: value for name, value in (("purpose", topic), ("medium", medium)) if value}
    ending = list(found.filter(**wanted).order_by("pk").values_list("purpose", "medium"))
    for purpose, by in ending:
        withdraw(customer=customer, purpose=purpose, medium=by, channel=channel)
    return len(ending)


@dataclass(frozen=True)
class _Person:
    """Who agrees: the mark that stands for them, the name they bear, and the account where there is one."""

    subject: UUID
    full_name: str
    customer: Customer | None = None

    @classmethod
    def behind(cls, customer: Customer) -> _Person:
        """Return the customer as a receipt knows them."""
        return cls(customer.subject, customer.full_name, customer)

    @property
    def actor(self) -> str:
        """Return who acts where nobody took it down."""
        return self.customer.user.public_id if self.customer else ""


def _last(subject: UUID, purpose: str, medium: str) -> ConsentReceipt | None:
    found = ConsentReceipt.objects.of(subject).standing().filter(purpose=purpose, medium=medium)
    last: ConsentReceipt | None = found.select_related("text").first()
    return last


def _give(
    person: _Person, last: ConsentReceipt | None, text: ConsentText, channel: str, recorded_by: str, at: datetime
) -> ConsentReceipt:
    return _add(person, last, channel, recorded_by, given=True, text=text, at=at)


def _add(
    person: _Person,
    last: ConsentReceipt | None,
    channel: str,
    recorded_by: str,
    *,
    given: bool,
    text: ConsentText,
    at: datetime,
) -> ConsentReceipt:
    if channel in BY_STAFF and not recorded_by:
        raise ValueError("A consent that staff take down says who took it down.")
    receipt = ConsentReceipt(
        subject=person.subject,
        purpose=text.purpose,
        medium=text.medium,
        given=given,
        at=at,
        channel=channel,
        recorded_by=recorded_by,
        text=text,
        text_sha256=text.sha256,
        language=text.language,
        follows=last,
        name_commitment=_commitment(person),
    ).seal()
    if person.customer:
        tell_of(receipt, person.customer)
    _trace(receipt, recorded_by or person.actor)
    return receipt


def _commitment(person: _Person) -> str:
    """Return the hash that stands in the receipt for the name; the row that opens it can go."""
    name, salt = person.full_name, secrets.token_hex(SALT)
    commitment = sha256(f"{salt}{name}".encode()).hexdigest()
    row, _made = SignedName.objects.get_or_create(
        subject=person.subject, full_name=name, defaults={"salt": salt, "commitment": commitment}
    )
    return row.commitment


def _trace(receipt: ConsentReceipt, actor: str) -> None:
    name = "consents.consent.given" if receipt.given else "consents.consent.withdrawn"
    told = {"receipt": receipt.public_id, "purpose": str(receipt.purpose), "medium": str(receipt.medium)}
    record(name, subject=receipt.subject, actor=actor, channel=str(receipt.channel), **told)

"""Who a customer of a shop engine is here: its number for the person leads to ours, until the person is erased."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac

from cabinet.audit.recording import record
from cabinet.customers.actions import lock, lock_open
from cabinet.customers.models import Customer, EngineLink, ErasedLink

OURS = "kelisim"  # in place of a shop engine's name: the number is our own mark of the person
PURPOSE = "cabinet.customers.linking"


class LinkRefused(Exception):
    """The engine's number cannot lead to this customer; nothing was changed."""


class LinkedToAnother(LinkRefused):
    """The number leads to another customer already."""


class LinkErased(LinkRefused):
    """The number led to somebody who was erased; whoever comes back gets a new number from the engine."""


@transaction.atomic
def link(*, source: str, external_id: str, customer: Customer) -> EngineLink:
    """Return the link of the engine's number to the customer, made or found.

    Raise LinkedToAnother, LinkErased, or AccountClosed.
    """
    known = lock_open(customer)
    if is_erased(source, external_id):
        raise LinkErased
    made, is_new = EngineLink.objects.get_or_create(
        source=source, external_id=external_id, defaults={"customer": known}
    )
    if made.customer_id != known.pk:
        raise LinkedToAnother
    if is_new:
        record("customers.engine.linked", subject=known.subject, source=source)
    return made


def customer_of(source: str, external_id: str) -> Customer | None:
    """Return whom the engine's number leads to, with the account; None where it leads to nobody. One query."""
    found = Customer.objects.filter(engine_links__source=source, engine_links__external_id=external_id)
    return found.select_related("user").first()


def is_erased(source: str, external_id: str) -> bool:
    """Say whether the number led to somebody who was erased: then nothing about them may be kept (i3, f11)."""
    return ErasedLink.objects.filter(mark__in=_marks(source, external_id)).exists()


@transaction.atomic
def mark_erased(customer: Customer) -> int:
    """Put keyed hashes in the place of the customer's links, and one of our own mark of the person; return how many
    links there were. Twice does no harm.
    """
    known = lock(customer)
    links = EngineLink.objects.filter(customer=known)
    numbers = [(OURS, str(known.subject)), *links.values_list("source", "external_id")]
    marks = [ErasedLink(mark=_marks(*number)[0]) for number in numbers]
    ErasedLink.objects.bulk_create(marks, ignore_conflicts=True)
    return links.delete()[0]


def mark_of(source: str, external_id: str) -> str:
    """Return the mark that is left of a number after an erasure."""
    return _marks(source, external_id)[0]


def _marks(source: str, external_id: str) -> list[str]:
    """Return the hash under the present key and, for those marked before a change of it, under each former one."""
    told = f"{len(source)}:{source}:{external_id}"  # with the length no two pairs read alike
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return [salted_hmac(PURPOSE, told, secret=each, algorithm="sha256").hexdigest() for each in secrets]

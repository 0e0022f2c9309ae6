"""What an erasure asks of the other rooms, of the shop engine, and of the file of tombstones."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from cabinet.customers.linking import OURS, mark_of
from cabinet.customers.marks import subjects_of
from cabinet.customers.models import Customer, ErasedLink, User
from cabinet.exchange.forgetting import forget
from cabinet.exchange.sending import send
from cabinet.orders.erasing import mark_erased
from cabinet.privacy import copies, erasing, taking_part, tombstones
from cabinet.privacy.asking import ask, hasten
from cabinet.privacy.erasures import Erasure, Reason
from cabinet.privacy.tombstone_file import Mark

LINK = "link"  # begins the names under which a mark tells hashes of numbers


@taking_part.also
def be_marked_first(erasure: Erasure, customer: Customer) -> None:
    """Have the mark on the disk before anything goes, this time, too, when the disk was full the last time (f08)."""
    tombstones.flush()


@taking_part.also
def remove_copies(erasure: Erasure, customer: Customer) -> None:
    """Remove the files of their copies."""
    copies.remove_all(customer)


@taking_part.also
def forget_deliveries(erasure: Erasure, customer: Customer) -> None:
    """Empty what was to be told to the shop engine about them."""
    forget(customer.subject)


@taking_part.when_begun
def refuse_what_comes(subject: UUID) -> None:
    """Have whatever the shop engine still tells of the person put aside without their data (i3, f11), and mark it.

    In the transaction that closes the account: an event that waited for its lock finds either an open account or this.
    Marked before anything is gone, so that no backup made meanwhile brings them back (i12), nor one from before they
    signed up what is told of them late: the mark tells keyed hashes of the numbers that led to them.
    """
    customer = Customer.objects.get(subject=subject)
    numbers = [*customer.engine_links.values_list("source", "external_id")]
    numbers += [(OURS, str(known)) for known in subjects_of(customer)]
    links: dict[str, Any] = {f"{LINK}{place}": mark_of(*number) for place, number in enumerate(numbers)}
    mark_erased(customer)
    tombstones.write("erasure", subject, **links)


@taking_part.when_over
def have_marked(subject: UUID) -> None:
    """Be sure that the mark is on the disk: without it nothing is done."""
    tombstones.flush()


@taking_part.when_over
def tell_engine(subject: UUID) -> None:
    """Have the shop engine erase what it keeps."""
    forget(subject)
    send("customer.erased", {"subject": subject}, subject=subject)


@tombstones.replays_for_nobody("erasure")
def refuse_again(mark: Mark) -> None:
    """Put aside again what is told of somebody who was erased, whether or not the backup knew them."""
    for name, link in mark.what.items():
        if name.startswith(LINK):
            ErasedLink.objects.get_or_create(mark=link)


@tombstones.replays("erasure")
def erase_again(mark: Mark, subject: str) -> None:
    """Erase somebody whom a restore has brought back: a customer by their mark, an account without one by its id."""
    customer = Customer.objects.filter(subject=subject).first() if len(subject) == len(str(UUID(int=0))) else None
    if customer:
        erasure = ask(customer=customer, reason=Reason.REPLAY, at_once=True)
        if not erasure.is_due:  # the backup had them still thinking about it
            hasten(erasure=erasure)
        erasing.run(erasure.pk)
    User.objects.filter(public_id=subject, is_staff=False, is_superuser=False).delete()

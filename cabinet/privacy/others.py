"""What an erasure asks of the other rooms, of the shop engine, and of the file of tombstones."""

from __future__ import annotations

from uuid import UUID

from cabinet.customers.models import Customer, User
from cabinet.exchange.forgetting import forget
from cabinet.exchange.sending import send
from cabinet.orders.erasing import mark_erased
from cabinet.privacy import copies, erasing, tombstones
from cabinet.privacy.asking import ask
from cabinet.privacy.erasures import Erasure, Reason
from cabinet.privacy.tombstone_file import Mark


@erasing.also
def refuse_what_comes(erasure: Erasure, customer: Customer) -> None:
    """Have whatever the shop engine still tells of the person put aside without their data (i3, f11)."""
    mark_erased(customer)


@erasing.also
def remove_copies(erasure: Erasure, customer: Customer) -> None:
    """Remove the files of their copies."""
    copies.remove_all(customer)


@erasing.also
def forget_deliveries(erasure: Erasure, customer: Customer) -> None:
    """Empty what was to be told to the shop engine about them."""
    forget(customer.subject)


@erasing.when_begun
def mark(subject: UUID) -> None:
    """Mark it before anything is gone, so that no backup made meanwhile brings them back (i12)."""
    tombstones.write("erasure", subject)


@erasing.when_over
def have_marked(subject: UUID) -> None:
    """Be sure that the mark is on the disk: without it nothing is done."""
    tombstones.flush()


@erasing.when_over
def tell_engine(subject: UUID) -> None:
    """Have the shop engine erase what it keeps."""
    forget(subject)
    send("customer.erased", {"subject": subject}, subject=subject)


@tombstones.replays("erasure")
def erase_again(mark: Mark, subject: str) -> None:
    """Erase somebody whom a restore has brought back: a customer by their mark, an account without one by its id."""
    customer = Customer.objects.filter(subject=subject).first() if len(subject) == len(str(UUID(int=0))) else None
    if customer:
        erasing.run(ask(customer=customer, reason=Reason.REPLAY, at_once=True).pk)
    User.objects.filter(public_id=subject, is_staff=False, is_superuser=False).delete()

"""What the shop engine hears of consents: who gave or withdrew which, and the number of the receipt."""

from __future__ import annotations

from uuid import UUID

from cabinet.consents.ledger import ConsentReceipt
from cabinet.customers.models import Customer
from cabinet.exchange.handlers import Data, Moment
from cabinet.exchange.sending import send, sends


class Consent(Data):
    """A consent, as its receipt has it."""

    subject: UUID  # the pseudonym, by which the customer is called when they are erased
    customer: str  # the public id
    purpose: str  # news.assortment
    medium: str  # email, or empty where the purpose has none
    receipt: str  # its number, under which it can be proved
    at: Moment


@sends("consent.given")
class ConsentGiven(Consent):
    """A customer gave a consent. It holds until consent.withdrawn with the same purpose and medium and a later `at`."""


@sends("consent.withdrawn")
class ConsentWithdrawn(Consent):
    """A customer withdrew a consent: stop what rests on it alone."""


def tell_of(receipt: ConsentReceipt, customer: Customer) -> None:
    """Have the shop engine told of a new receipt."""
    told = {
        "subject": receipt.subject,
        "customer": customer.public_id,
        "purpose": str(receipt.purpose),
        "medium": str(receipt.medium),
        "receipt": receipt.public_id,
        "at": receipt.at.isoformat(),
    }
    send("consent.given" if receipt.given else "consent.withdrawn", told, receipt.subject)

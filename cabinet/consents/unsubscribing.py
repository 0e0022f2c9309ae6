"""The link that ends letters for who is signed out, too: it names person, topic and medium, and nothing else."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer

from cabinet.consents.ledger import Medium
from cabinet.consents.purposes import NEWS
from cabinet.customers.models import Customer

SALT = "kelisim.consents.unsubscribe"


class Ending(NamedTuple):
    """What a link ends: one topic by one medium, or all news where both are empty."""

    subject: UUID
    topic: str = ""
    medium: str = ""

    def token(self) -> str:
        """Return the signed word for the link. It has no end: a letter may be opened after years."""
        return Signer(salt=SALT).sign(f"{self.subject.hex}:{self.topic}:{self.medium}")

    @property
    def is_of_all(self) -> bool:
        """Say whether all news ends."""
        return not self.topic


def read(token: str) -> Ending | None:
    """Return what the link ends; None for a word that we have not signed."""
    try:
        subject, topic, medium = Signer(salt=SALT).unsign(token).split(":")
        ending = Ending(UUID(hex=subject), topic, medium)
    except (BadSignature, ValueError):
        return None
    return ending if _is_known(ending) else None


def _is_known(ending: Ending) -> bool:
    return ending.is_of_all or (ending.topic in NEWS and ending.medium in Medium.values)


def unsubscribe_url(customer: Customer, topic: str = "", medium: str = Medium.EMAIL) -> str:
    """Return the address for a letter's List-Unsubscribe (RFC 8058); without a topic it ends all news."""
    ending = Ending(customer.subject, topic, medium if topic else "")
    return f"{settings.SITE_URL}/unsubscribe/{ending.token()}/"

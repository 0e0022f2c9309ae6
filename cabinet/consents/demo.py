"""What the demo's customers agreed to: an account rests on a consent, in a demo too."""

from __future__ import annotations

from typing import Any

from cabinet.consents.composing import Composer
from cabinet.consents.consenting import give
from cabinet.consents.ledger import ConsentReceipt, EditionTold
from cabinet.consents.purposes import ASKED, Medium
from cabinet.consents.telling_editions import editions_to_tell, untold
from cabinet.customers.models import Customer
from cabinet.register.categories import Purpose

# Besides the account itself; the crowd agrees to bonuses, too, for it has some.
BONUSES = ((Purpose.BONUSES, ""),)
ALSO = {
    "aigerim@kelisim.example": ((Purpose.BONUSES, ""), (Purpose.NEWS_ASSORTMENT, Medium.EMAIL)),
    "boris@kelisim.example": BONUSES,
}


def load_consents() -> int:
    """Have every demo customer agree to what an account needs, some to more; return how many receipts that made."""
    composers: dict[str, Composer] = {}
    account = next(asked.purpose for asked in ASKED.values() if asked.is_of_account)
    before = ConsentReceipt.objects.count()
    for customer in Customer.objects.filter(user__is_demo=True).select_related("user"):
        composer = composers.setdefault(customer.language, Composer(customer.language))
        for purpose, medium in ((account, ""), *ALSO.get(customer.user.email, BONUSES)):
            composed = composer.one(purpose, medium)
            if composed:
                give(customer=customer, composed=composed)
    made = ConsentReceipt.objects.count() - before
    if made:
        _crowd_was_told()
    return made


def _crowd_was_told() -> None:
    """Note that the crowd had its letters about editions long ago; the two who are told one by one get theirs."""
    edition: Any
    for edition in editions_to_tell():
        crowd = untold(edition).filter(user__is_demo=True).exclude(user__email__in=ALSO)
        EditionTold.objects.bulk_create(
            [EditionTold(customer=one, document=edition.document, level=edition.level) for one in crowd],
        )

"""The consent on which an order of the shop engine rests (policy 1: consent is given by ordering)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cabinet.consents.composing import Composed, Composer, NotReady
from cabinet.consents.consenting import give_for
from cabinet.consents.ledger import Channel, ConsentReceipt, ConsentText
from cabinet.orders.events import ConsentTold, OrderPlaced
from cabinet.orders.models import Order
from cabinet.register.categories import Purpose


def keep_consent(order: Order, told: OrderPlaced, at: datetime) -> None:
    """Rest a locked order on the consent that was told with it.

    Words that were never shown here prove nothing: then there is no receipt, and the order is taken all the same.
    """
    words = words_of(told.consent, told.contact.language) if told.consent and order.consent_id is None else None
    if told.consent and words:
        order.consent = _receipt(order, told.contact.name, words, told.consent.at or at)
        order.save(update_fields=["consent"])


def _receipt(order: Order, name: str, words: Composed | ConsentText, at: datetime) -> ConsentReceipt:
    full_name = order.customer.full_name if order.customer else name
    return give_for(subject=order.subject, full_name=full_name, composed=words, channel=Channel.SHOP, at=at)


def words_of(told: ConsentTold, language: str) -> Composed | ConsentText | None:
    """Return the words that were agreed to: sealed before, or those shown today; None for any others."""
    sealed = ConsentText.objects.filter(purpose=Purpose.ORDER, medium="")
    if told.text_sha256:
        known: ConsentText | None = sealed.filter(sha256=told.text_sha256).first()
        return known or _today(language, sha256=told.text_sha256)
    if told.edition:
        of_edition = sealed.filter(policy__number=told.edition, language=language)
        return of_edition.order_by("-pk").first() or _today(language, edition=told.edition)
    return _today(language)


def _today(language: str, **wanted: Any) -> Composed | None:
    try:
        composed = Composer(language).one(Purpose.ORDER)
    except NotReady:
        return None
    said = {"sha256": composed.sha256, "edition": composed.policy.number} if composed else {}
    return composed if all(said.get(name) == value for name, value in wanted.items()) else None

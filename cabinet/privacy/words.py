"""Events of the audit log in words for the customer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from cabinet.audit.telling import Happened

WORDS: dict[str, Any] = {
    "customers.account.opened": _("The account was opened."),
    "customers.account.lapsed": _("The account was deleted, because nobody confirmed its e-mail."),
    "customers.profile.changed": _("The profile was changed."),
    "customers.address.added": _("A delivery address was added."),
    "customers.address.changed": _("A delivery address was changed."),
    "customers.address.removed": _("A delivery address was removed."),
    "customers.address.restored": _("A removed delivery address was put back."),
    "customers.email.changed": _("The e-mail for signing in was changed."),
    "customers.email.restored": _("The change of e-mail was taken back."),
    "customers.engine.linked": _("Your number in the shop's own system was linked to your account."),
    "bonuses.bonus.expired": _("Bonuses expired."),
    "bonuses.bonus.forfeited": _("Bonuses were given up."),
    "consents.consent.given": _("A consent was given."),
    "consents.consent.withdrawn": _("A consent was withdrawn."),
    "consents.withdrawal.barred": _("A consent was to be withdrawn, which an order bars; it waits."),
    "privacy.thing.erased": _("Something was deleted at your wish."),
    "privacy.erasure.requested": _("The deletion of the account was asked for."),
    "privacy.erasure.cancelled": _("The deletion of the account was called off."),
    "privacy.erasure.hastened": _("The deletion was to begin without waiting."),
    "privacy.erasure.waiting": _("The account was closed; what must stay waits."),
    "privacy.erasure.failed": _("A deletion was found to be incomplete."),
    "privacy.restricted.read": _("Something under lock was read, with a reason."),
    "privacy.restricted.over": _("What stood under lock was deleted when its day had come."),
    "privacy.retention.enforced": _("What was past its term was deleted."),
    "privacy.idle.warned": _("A letter told that the unused account is going to be deleted."),
    "privacy.erasure.done": _("The deletion was completed."),
    "privacy.copy.asked": _("A copy of the data was asked for."),
    "privacy.copy.ready": _("The copy of the data was ready."),
    "privacy.copy.downloaded": _("The copy of the data was downloaded."),
    "privacy.copy.expired": _("The copy of the data was deleted after its time."),
    "orders.order.assigned": _("An order was put into the hands of one of the staff, or taken out of them."),
    "orders.order.taken_by_phone": _("An order was taken by phone."),
    "orders.order.link_renewed": _("A new link to an order by phone was made."),
    "orders.order.confirmed_by_link": _("An order by phone was confirmed by the link."),
    "orders.order.withdrawn_by_link": _("An order by phone, or the consent to it, was withdrawn by the link."),
    "orders.order.status_changed": _("An order went a step forward."),
    "orders.refund.opened": _("A refund was opened."),
    "orders.refund.details_given": _("Bank details for a refund were given."),
    "orders.refund.paid": _("A refund was paid."),
    "orders.refund.came_back": _("The bank sent a refund back; it is open again."),
    "orders.glass.opened": _("The privacy officer opened an emergency access to your orders."),
    "orders.glass.searched": _("The privacy officer searched for somebody in an emergency."),
    "orders.customer.searched": _("Staff searched for a customer by phone."),
    "orders.orders.claimed": _("Orders placed without an account were taken over."),
    "desk.request.received": _("A request to the shop was received."),
    "desk.request.answered": _("A request to the shop was answered."),
    "audit.person.read": _("Somebody on staff saw some of your data."),
}


@dataclass(frozen=True)
class Told:
    """One event as the customer reads it."""

    at: datetime
    what: Any
    number: int  # in the log, to name it in a letter
    by: Any


def told(event: Happened, own_id: str) -> Told:
    """Return the event in words; one without words by its name, which is better than hiding it."""
    by = _("you") if event.actor == own_id else _("staff") if event.actor else _("the software")
    return Told(event.at, WORDS.get(event.name, event.name), event.sequence, by)

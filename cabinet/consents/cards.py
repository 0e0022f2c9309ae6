"""What the overview shows of consents: two cards, and the questions that wait for an answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cabinet.consents.ledger import ConsentReceipt
from cabinet.consents.purposes import NEWS, title_of
from cabinet.consents.standing import answers
from cabinet.customers.cards import Card
from cabinet.customers.models import Customer


@dataclass(frozen=True)
class Notice:
    """Something that waits for the customer."""

    title: str
    text: str
    url: str
    link: str


def on_overview(customer: Customer) -> tuple[list[Card], list[Notice]]:
    """Return the cards of subscriptions and consents, and what is asked again; one query."""
    said = answers(customer.subject)
    holding = [each for each in said if each.given]
    cards = [_subscriptions([each for each in holding if each.purpose in NEWS]), _consents(holding)]
    return cards, _questions([each for each in said if each.newer])  # type: ignore[attr-defined]


def _subscriptions(news: list[ConsentReceipt]) -> Card:
    lines = [title_of(each.purpose, each.medium) for each in news] or [_("No news comes to you.")]
    return Card(_("Subscriptions"), reverse("subscriptions"), _("Choose, or end all"), lines)


def _consents(holding: list[ConsentReceipt]) -> Card:
    count = len(holding)
    line = ngettext("%(count)d consent holds.", "%(count)d consents hold.", count) % {"count": count}
    return Card(_("Consents"), reverse("consents"), _("Read, withdraw, download the proof"), [line])


def _questions(asked: list[Any]) -> list[Notice]:
    if not asked:
        return []
    title = _("“%(title)s” has changed: please answer again") % {"title": asked[0].newer["title"]}
    text = ngettext(
        "%(count)d consent of yours was given to the earlier edition. It holds until you answer.",
        "%(count)d consents of yours were given to the earlier edition. They hold until you answer.",
        len(asked),
    ) % {"count": len(asked)}
    return [Notice(title, text, reverse("consents"), _("Read what changed and answer"))]

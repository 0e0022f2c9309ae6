"""What the rooms on the ground floor keep of a customer: they stand beside the register and do not know it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from cabinet.register.categories import Basis, Category, End, Held, Over, Purpose, Term, register, with_days


def payloads_of(account: Any) -> models.QuerySet[Any]:
    """Return what the audit log tells of the account's customer; its chain holds only hashes of that."""
    from cabinet.audit.models import Payload
    from cabinet.customers.models import Customer, GuestMark

    own = Customer.objects.filter(user=account.pk).values_list("subject", flat=True)
    marks = own.union(GuestMark.objects.filter(customer__user=account.pk).values_list("subject", flat=True))
    found: models.QuerySet[Any] = Payload.objects.filter(event__subject__in=[str(mark) for mark in marks])
    return found


def told_of(account: Any) -> models.QuerySet[Any]:
    """Return what the shop engine was told of the account's customer, but for what it is owed: that they are erased."""
    from cabinet.customers.models import Customer
    from cabinet.exchange.models import Delivery
    from cabinet.exchange.sending import owed

    subjects = Customer.objects.filter(user=account.pk).values("subject")
    found: models.QuerySet[Any] = Delivery.objects.filter(subject__in=subjects).exclude(type__in=owed)
    return found


def no_news_any_longer(at: datetime) -> models.Q:
    """Return what waits for an address that has been paused for so long, but for what the shop engine is owed."""
    from cabinet.exchange.sending import owed

    return models.Q(settled_at=None) & ~models.Q(type__in=owed)


register.add(
    Category(
        key="customers.letters",
        title=_("Letters to you"),
        why=_("So that a letter is sent again when your mail server was away, and we can tell what we have sent."),
        purposes=(Purpose.ORDER, Purpose.SECURITY),
        basis=Basis.CONTRACT,
        term=Term(
            with_days(
                ngettext_lazy(
                    "%(days)d day after a letter was sent; what it said, until it was sent",
                    "%(days)d days after a letter was sent; what it said, until it was sent",
                    settings.LETTER_LIFETIME.days,
                ),
                settings.LETTER_LIFETIME.days,
            ),
            source="LETTER_LIFETIME",
        ),
        held=(
            Held(
                "notices.Letter",
                owner="account",
                fields=dict.fromkeys(
                    (
                        "recipient",
                        "template",
                        "topic",
                        "language",
                        "state",
                        "created_at",
                        "settled_at",
                        "public_id",
                        "message_id",
                        "sealed",
                    ),
                    End.ERASE,
                ),
                technical=("attempts", "next_attempt_at", "last_error"),
                secret=("sealed", "message_id"),
                aside=("template", "language", "state", "created_at", "settled_at", "public_id", "message_id"),
                over=(Over("settled_at", "LETTER_LIFETIME"),),
                labels={
                    "created_at": _("Letter written"),
                    "settled_at": _("Letter sent or given up"),
                    "public_id": _("Number of the letter"),
                    "message_id": _("Mark of the message"),
                    "sealed": _("Words of the letter, until it is sent"),
                },
            ),
        ),
    ),
    Category(
        key="customers.told_shop",
        title=_("News of you to the shop's order system"),
        why=_("So that the shop's order system stops what you no longer want and knows when something was corrected."),
        purposes=(Purpose.ORDER, Purpose.PROOF),
        basis=Basis.CONTRACT,
        term=Term(
            with_days(
                ngettext_lazy(
                    "%(days)d day after it was sent; what it said, until it was sent",
                    "%(days)d days after it was sent; what it said, until it was sent",
                    settings.DELIVERY_LIFETIME.days,
                ),
                settings.DELIVERY_LIFETIME.days,
            ),
            source="DELIVERY_LIFETIME",
        ),
        held=(
            Held(
                "exchange.Delivery",
                owner="",
                found_by=told_of,
                fields=dict.fromkeys(
                    ("type", "subject", "state", "created_at", "settled_at", "public_id", "sealed"), End.ERASE
                ),
                technical=("endpoint", "attempts", "next_attempt_at", "last_status", "last_error"),
                secret=("sealed",),
                aside=("type", "subject", "state", "created_at", "settled_at", "public_id"),
                over=(
                    Over("settled_at", "DELIVERY_LIFETIME"),
                    Over("created_at", "DELIVERY_LIFETIME", only=no_news_any_longer),
                ),
                labels={
                    "type": _("Kind of news"),
                    "subject": _("Pseudonym in logs and receipts"),
                    "created_at": _("News written"),
                    "settled_at": _("News sent or given up"),
                    "public_id": _("Number of the news"),
                    "sealed": _("Words of the news, until it is sent"),
                },
            ),
        ),
    ),
    Category(
        key="customers.journal",
        title=_("Log of what was done with your data"),
        why=_("So that you and the shop can prove what was changed, agreed and looked at."),
        purposes=(Purpose.PROOF,),
        basis=Basis.LAW,
        term=Term(
            _("while you are registered; afterwards only hashes that lead to nobody"), source="94-V, art. 25(2)(5)"
        ),
        held=(
            Held(
                "audit.Payload",
                owner="",
                found_by=payloads_of,
                fields=dict.fromkeys(("text", "salt"), End.ERASE),
                secret=("text", "salt"),
                aside=("salt",),
                labels={"text": _("Details of an event"), "salt": _("Number that hides them in the log")},
            ),
        ),
    ),
)

"""What is kept of what a customer ordered."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from cabinet.orders.marks import RandomMark
from cabinet.register.categories import Anonymise, Basis, Category, End, Held, Over, Purpose, Term, register, with_days

# Without the customer and the row of the person nothing of these tells whose they were: the books may keep them.
FOR_THE_BOOKS = Term(
    _("while you are registered; after that the books keep goods and sums, and nothing of you"),
    source="policy 3.1, 6.3",
)
LATEST = ("-order__placed_at", "-order__pk")  # as the index of a customer's orders has them
PERSON = ("name", "phone", "email", "language", "city", "street", "apartment", "postcode", "note")


def emergencies_of(account: Any) -> models.QuerySet[Any]:
    """Return when an officer looked at the account's person without an order in hand; they bear the person's mark."""
    from cabinet.customers.models import Customer
    from cabinet.orders.models import BreakGlass

    found: models.QuerySet[Any] = BreakGlass.objects.filter(
        subject__in=Customer.objects.filter(user=account.pk).values("subject")
    )
    return found


NOBODYS = Anonymise(
    # Each order gets a mark of its own: else all of a person's would still hang together, and on the consents.
    lambda: {
        "customer": None,
        "subject": RandomMark(),
        "consent": None,
        "guest": None,
        "call_reference": "",
        "taken_by": "",
        "told_by": "",
        "anonymised_at": timezone.now(),
    },
    models.Q(anonymised_at=None),
)
WITHOUT_WORDS = Anonymise(lambda: {"reason": ""}, ~models.Q(reason=""))  # what staff typed may name somebody


def of_no_account(at: datetime) -> models.Q:
    """Return the orders of people without an account: they go when they have ended and nothing holds them."""
    return models.Q(customer=None)


def of_orders_of_no_account(at: datetime) -> models.Q:
    """Return what hangs on such orders."""
    return models.Q(order__customer=None)


def not_open(at: datetime) -> models.Q:
    """Return the details of refunds that have come to their end."""
    return ~models.Q(refund__state="requested")


register.add(
    Category(
        key="orders.orders",
        title=_("Orders"),
        why=_("So that what you ordered reaches you, and you can see what you bought and for how much."),
        purposes=(Purpose.ORDER,),
        basis=Basis.CONTRACT,
        term=FOR_THE_BOOKS,
        place="orders",
        held=(
            Held(
                "orders.Order",
                owner="customer__user",
                latest=("-placed_at", "-pk"),
                fields=dict.fromkeys(
                    (
                        "number",
                        "placed_by",
                        "placed_at",
                        "status",
                        "status_at",
                        "delivered_at",
                        "objections_until",
                        "delivery_cost",
                        "discount",
                        "total",
                        "currency",
                        "call_reference",
                        "public_id",
                        "subject",
                    ),
                    End.ANONYMISE,
                ),
                technical=(
                    *("source", "guest", "ended_at", "tax_until", "consent", "taken_by", "anonymised_at"),
                    *("told_at", "told_by"),
                ),
                aside=(
                    "number",
                    "placed_by",
                    "placed_at",
                    "status",
                    "status_at",
                    "delivered_at",
                    "objections_until",
                    "currency",
                    "call_reference",
                    "public_id",
                    "subject",
                ),
                anonymise=NOBODYS,
                over=(Over("ended_at", only=of_no_account),),
                labels={
                    "number": _("Number of the order"),
                    "placed_by": _("How it was placed"),
                    "public_id": _("Mark of the order"),
                    "subject": _("Mark that stands for you in journals"),
                },
            ),
            Held(
                "orders.Line",
                owner="order__customer__user",
                latest=(*LATEST, "position"),
                fields=dict.fromkeys(("name", "sku", "quantity", "price", "discount", "cost"), End.ANONYMISE),
                technical=("position", "product_class"),
                aside=("sku", "discount"),
            ),
            Held(
                "orders.Step",
                owner="order__customer__user",
                latest=LATEST,
                fields=dict.fromkeys(("status", "occurred_at"), End.ANONYMISE),
                technical=("told_at",),
                aside=("status", "occurred_at"),
            ),
            Held(
                "orders.Assignment",
                owner="order__customer__user",
                fields={},
                technical=("staff", "since", "until", "by"),
            ),
            Held(
                "orders.PhoneOrder",
                owner="order__customer__user",
                fields=dict.fromkeys(("confirmed_at", "withdrawal_at"), End.ANONYMISE),
                technical=("form_key", "token_sha256", "link_until", "settled_at"),
                aside=("confirmed_at", "withdrawal_at"),
            ),
            Held(
                "orders.BreakGlass",
                owner="",
                found_by=emergencies_of,
                fields=dict.fromkeys(("reason", "opened_at"), End.ERASE),
                technical=("public_id", "officer", "subject", "until"),
                aside=("opened_at",),
                labels={"reason": _("Reason of an emergency access"), "opened_at": _("Emergency access opened")},
            ),
        ),
    ),
    Category(
        key="orders.people",
        title=_("To whom and where an order goes"),
        why=_("So that the courier finds you, and we can reach you when something changes."),
        purposes=(Purpose.ORDER,),
        basis=Basis.CONTRACT,
        recipients=(_("a carrier who brings the order, only if you agreed to it"),),
        term=Term(
            _(
                "while the order is carried out and you may object to it; what papers of a sale must tell, "
                "five years after the year of the sale, under lock"
            ),
            source="policy 6.3; Tax Code of the RK, art. 193(3)",
        ),
        held=(
            Held(
                "orders.OrderPerson",
                owner="order__customer__user",
                latest=LATEST,
                fields={name: End.RESTRICT if name == "name" else End.ERASE for name in PERSON},
                over=(Over("order__ended_at"),),
                labels={"name": _("Name on the order")},
            ),
        ),
    ),
    Category(
        key="orders.refunds",
        title=_("Refunds"),
        why=_("So that money goes back to you, and to nobody else."),
        purposes=(Purpose.ORDER,),
        basis=Basis.CONTRACT,
        term=Term(
            with_days(
                ngettext_lazy(
                    "bank details until %(days)d day after the refund was paid or refused",
                    "bank details until %(days)d days after the refund was paid or refused",
                    settings.REFUND_DETAILS_LIFETIME.days,
                ),
                settings.REFUND_DETAILS_LIFETIME.days,
            ),
            source="REFUND_DETAILS_LIFETIME",
        ),
        held=(
            Held(
                "orders.Refund",
                owner="order__customer__user",
                latest=LATEST,
                fields=dict.fromkeys(
                    ("public_id", "amount", "reason", "state", "requested_at", "settled_at"), End.ANONYMISE
                ),
                technical=("reference", "paid_by"),
                aside=("public_id", "state", "requested_at", "settled_at"),
                anonymise=WITHOUT_WORDS,
                over=(Over("order__ended_at", only=of_orders_of_no_account),),
                labels={"public_id": _("Number of the refund"), "reason": _("Reason of the refund")},
            ),
            Held(
                "orders.RefundDetails",
                owner="refund__order__customer__user",
                latest=("-refund__order__placed_at", "-refund__order__pk"),
                fields=dict.fromkeys(("sealed", "given_at"), End.ERASE),
                secret=("sealed",),
                aside=("given_at",),
                over=(Over("refund__settled_at", "REFUND_DETAILS_LIFETIME", only=not_open),),
                labels={"sealed": _("Bank details"), "given_at": _("Bank details given")},
            ),
        ),
    ),
)

"""What is kept of a customer's consents; personal_data.py registers it."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from cabinet.consents.ledger import ConsentReceipt, SignedName
from cabinet.customers.marks import marks_of
from cabinet.register.categories import Basis, Category, End, Held, Purpose, Term


def receipts_of(account: Any) -> models.QuerySet[Any]:
    """Return an account's receipts; they bear the person's mark and no foreign key, for they stay when it goes."""
    found: models.QuerySet[Any] = ConsentReceipt.objects.filter(marks_of(account.pk))
    return found


def names_of(account: Any) -> models.QuerySet[Any]:
    """Return the names under which an account's receipts were given."""
    found: models.QuerySet[Any] = SignedName.objects.filter(marks_of(account.pk))
    return found


SAID = ("public_id", "subject", "purpose", "medium", "given", "at", "channel", "language", "name_commitment", "digest")

CONSENTS = Category(
    key="consents.consents",
    title=_("Consents"),
    why=_("So that what you agreed to holds, and you and we can prove it."),
    purposes=(Purpose.PROOF,),
    basis=Basis.LAW,
    term=Term(
        _("while you are registered; the receipt itself stays after that, but leads to nobody"),
        source="Law of the RK 94-V, art. 25(2)(5)",
    ),
    place="consents",
    held=(
        # Without the customer's row its mark leads to nobody, and without the name's row the hash tells no name.
        Held(
            "consents.ConsentReceipt",
            owner="",
            found_by=receipts_of,
            fields=dict.fromkeys(SAID, End.ANONYMISE),
            technical=("recorded_by", "text", "text_sha256", "follows"),
            aside=("public_id", "subject", "given", "at", "channel", "language", "name_commitment", "digest"),
            labels={
                "public_id": _("Number of the receipt"),
                "subject": _("Mark that stands for you in receipts"),
                "purpose": _("What for"),
                "medium": _("By which way news comes"),
                "given": _("Consent given"),
                "at": _("Consent recorded"),
                "channel": _("How consent was given"),
                "name_commitment": _("Hash made of your name"),
                "digest": _("Hash of the receipt"),
            },
        ),
        Held(
            "consents.SignedName",
            owner="",
            found_by=names_of,
            fields=dict.fromkeys(("full_name", "salt", "commitment"), End.ERASE),
            technical=("subject",),
            secret=("salt",),
            aside=("salt", "commitment"),
            labels={
                "salt": _("Random number that hides your name in receipts"),
                "commitment": _("Hash made of your name"),
            },
        ),
        Held(
            "consents.EditionTold",
            owner="customer__user",
            fields={"told_at": End.ERASE},
            technical=("document", "level"),
            aside=("told_at",),
            labels={"told_at": _("Written to about a new edition")},
        ),
        Held(
            "consents.PendingWithdrawal",
            owner="customer__user",
            fields=dict.fromkeys(("purpose", "medium", "asked_at"), End.ERASE),
            aside=("purpose", "medium", "asked_at"),
            labels={
                "purpose": _("Withdrawal that waits"),
                "medium": _("By which way news comes"),
                "asked_at": _("Withdrawal asked for"),
            },
        ),
    ),
)

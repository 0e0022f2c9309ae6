"""What is kept of what a customer agreed to."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from cabinet.consents.ledger_data import CONSENTS
from cabinet.register.categories import Basis, Category, End, Held, Purpose, Term, register

register.add(
    Category(
        key="consents.cookies",
        title=_("Cookie choices"),
        why=_("So that your choice holds in every browser in which you sign in, and we can prove it."),
        purposes=(Purpose.PROOF,),
        basis=Basis.LAW,
        term=Term(
            _(
                "twelve months in your browser, in your account while you are registered; the receipt stays after that,"
                " but leads to nobody"
            ),
            source="Law of the RK 94-V, art. 25(2)(5)",
        ),
        held=(
            Held(
                "consents.ReceiptOwner",
                owner="user",
                fields={"receipt": End.ERASE},
                aside=("receipt",),
                labels={"receipt": _("Whose receipt it is")},
            ),
            # When the row above is gone, nothing in a receipt tells whose it was (DECISIONS.md, 26).
            Held(
                "consents.CookieReceipt",
                owner="ownership__user",
                fields=dict.fromkeys(("public_id", "made_at", "choices", "method", "language", "gpc"), End.ANONYMISE),
                technical=("banner", "banner_sha256", "policy", "policy_sha256", "follows"),
                aside=("public_id", "made_at", "method", "language"),
                labels={
                    "public_id": _("Number of the receipt"),
                    "made_at": _("Choice made"),
                    "choices": _("Choice"),
                    "method": _("How the choice was made"),
                },
            ),
        ),
    ),
)
register.add(CONSENTS)

"""What is kept of copies that customers asked for, and of deletions."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from cabinet.privacy.data_copies import ENDED, TRACE
from cabinet.register.categories import Basis, Category, End, Held, Over, Purpose, Term, register, with_days


def ended(at: datetime) -> models.Q:
    """Return the copies of which there is no file any more."""
    return models.Q(stage__in=ENDED)


register.add(
    Category(
        key="privacy.copies",
        title=_("Copies of your data"),
        why=_("So that you can download the copy you asked for, and nobody else can."),
        purposes=(Purpose.PROOF,),
        basis=Basis.LAW,
        term=Term(
            with_days(
                ngettext_lazy(
                    "the file until the time shown on its page; that it was made, for %(days)d day more",
                    "the file until the time shown on its page; that it was made, for %(days)d days more",
                    TRACE.days,
                ),
                TRACE.days,
            ),
            source="COPY_LIFETIME",
        ),
        place="data_copy",
        held=(
            Held(
                "privacy.DataCopy",
                owner="customer__user",
                fields=dict.fromkeys(
                    (
                        "public_id",
                        "language",
                        "asked_at",
                        "ready_at",
                        "expires_at",
                        "downloaded_at",
                        "size",
                        "file",
                        "token_sha256",
                    ),
                    End.ERASE,
                ),
                technical=("stage", "trouble", "rows_expected", "rows_written", "attempt", "touched_at"),
                secret=("file", "token_sha256"),
                aside=(
                    "public_id",
                    "language",
                    "asked_at",
                    "ready_at",
                    "expires_at",
                    "downloaded_at",
                    "size",
                    "file",
                    "token_sha256",
                ),
                over=(Over("touched_at", TRACE, only=ended),),
                labels={
                    "public_id": _("Number of the copy"),
                    "file": _("Name of the file"),
                    "token_sha256": _("Hash of the link that downloads the copy"),
                },
            ),
        ),
    ),
    Category(
        key="privacy.erasures",
        title=_("Deletions you asked for"),
        why=_("So that a deletion is carried through, and you and the shop can prove that it was."),
        purposes=(Purpose.PROOF,),
        basis=Basis.LAW,
        term=Term(
            _("your e-mail until the deletion is complete; then only a number, times and counts, which lead to nobody"),
            source="Law of the RK 94-V, art. 25(2)(5)",
        ),
        held=(
            Held(
                "privacy.Erasure",
                owner="customer__user",
                fields=dict.fromkeys(("public_id", "state", "requested_at", "due_at", "sealed", "subject"), End.ERASE),
                technical=(
                    "token_sha256",
                    "reason",
                    "language",
                    "begun_at",
                    "ended_at",
                    "waits_until",
                    "figures",
                    "counted",
                    "scan",
                    "digest",
                ),
                secret=("sealed", "subject"),
                aside=("public_id", "state", "requested_at", "due_at", "subject"),
                labels={
                    "public_id": _("Number of the deletion"),
                    "sealed": _("Your e-mail, for the letters about it"),
                    "subject": _("Mark that stands for you in journals"),
                },
            ),
        ),
    ),
    Category(
        key="privacy.idle",
        title=_("Letters before an unused account is deleted"),
        why=_("So that no account is deleted for being unused without two letters before."),
        purposes=(Purpose.PROOF,),
        basis=Basis.LAW,
        term=Term(_("until you use the account again, or it is deleted"), source="policy 3.1"),
        held=(
            Held(
                "privacy.IdleWarning",
                owner="customer__user",
                fields=dict.fromkeys(("first_at", "last_at", "ends_at"), End.ERASE),
                aside=("first_at", "last_at", "ends_at"),
            ),
        ),
    ),
)

"""What is kept of what somebody asked."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from cabinet.orders.marks import RandomMark
from cabinet.register.categories import (
    Anonymise,
    Basis,
    Category,
    End,
    Held,
    Over,
    Purpose,
    Term,
    register,
    with_days,
)

NOBODYS = Anonymise(
    lambda: {
        "customer": None,
        "order": None,
        "subject": RandomMark(),
        "name": "",
        "email": "",
        "text": "",
        "answer": "",
        "anonymised_at": timezone.now(),
    },
    models.Q(anonymised_at=None),
)

register.add(
    Category(
        key="desk.requests",
        title=_("Requests to the shop"),
        why=_("So that the shop answers in time what you ask, and can prove that it did."),
        purposes=(Purpose.PROOF,),
        basis=Basis.LAW,
        term=Term(
            with_days(
                ngettext_lazy(
                    "%(days)d day after the answer; then only that there was a request, and when it was answered",
                    "%(days)d days after the answer; then only that there was a request, and when it was answered",
                    settings.REQUEST_LIFETIME.days,
                ),
                settings.REQUEST_LIFETIME.days,
            ),
            source="REQUEST_LIFETIME",
        ),
        place="data_requests",
        held=(
            Held(
                "desk.Request",
                owner="customer__user",
                fields=dict.fromkeys(
                    (
                        "kind",
                        "received_at",
                        "channel",
                        "text",
                        "name",
                        "email",
                        "language",
                        "answer_by",
                        "answered_at",
                        "outcome",
                        "answer",
                        "public_id",
                        "subject",
                    ),
                    End.ANONYMISE,
                ),
                technical=("order", "form_key", "received_by", "answered_by", "anonymised_at"),
                aside=(
                    "channel",
                    "language",
                    "received_at",
                    "answer_by",
                    "answered_at",
                    "outcome",
                    "public_id",
                    "subject",
                ),
                anonymise=NOBODYS,
                over=(Over("answered_at", "REQUEST_LIFETIME"),),
                labels={
                    "public_id": _("Number of the request"),
                    "subject": _("Mark that stands for you in journals"),
                    "email": _("E-mail for the answer"),
                },
            ),
        ),
    )
)

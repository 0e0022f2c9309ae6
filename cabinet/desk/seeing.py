"""What staff see of a request before they give a reason, and what they see with one (s19)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from cabinet.desk.models import Request
from cabinet.orders.seeing import log_look
from cabinet.privacy.traces import addresses_of

ANSWER = "desk.answer_request"


def reveal(*, user: Any, request: Request, reason: str) -> Request | None:
    """Return the request with its words once the look is in the read log; None where they have gone meanwhile.

    Raise NotSeen where the log does not take the line: no log, no data (trust.md, s19 and s23).
    """
    with override(request.language):  # it stands on the person's own page of readers
        what = _("Name, e-mail and words of request %(number)s") % {"number": request.public_id}
    log_look(user=user, subject=request.subject, what=what, reason=reason)
    found: Request | None = Request.objects.filter(pk=request.pk, anonymised_at=None).first()
    return found


def is_elsewhere(request: Request) -> bool:
    """Say whether the answer would go to an address that neither the account nor the order has: who is asking?"""
    if not request.email or not (request.customer or request.order):
        return False
    known = addresses_of(request.customer.user) if request.customer else set()
    person = getattr(request.order, "person", None)
    return request.email not in known | ({person.email} if person else set())

"""Letters about a request: that it came and until when it is answered, and the answer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from cabinet.desk.models import Channel, Kind, Request
from cabinet.notices.kinds import register
from cabinet.notices.models import Letter
from cabinet.notices.models import State as LetterState
from cabinet.notices.posting import post
from cabinet.notices.upkeep import hourly
from cabinet.privacy.traces import owed

OURS = "desk/letters/"
RECEIVED, ANSWERED = f"{OURS}received", f"{OURS}answered"


def tell_received(request: Request) -> None:
    """Say that it came, and until when it is answered."""
    _post(RECEIVED, request)


def tell_answered(request: Request) -> None:
    """Send the answer, which is owed to the person when the account is gone, too."""
    _post(ANSWERED, request)


def _post(template: str, request: Request) -> None:
    """Write to who asked in the cabinet under the address that the account has today, to others where they asked."""
    account = request.customer.user if request.customer and request.customer.user.is_active else None
    is_own = account is not None and (request.channel == Channel.CABINET or request.email == account.email)
    if to := account.email if account and is_own else request.email:
        told = {"request": request, "number": request.public_id}
        post(template, to=to, language=request.language, context=told, account=account if is_own else None)


@hourly
def give_up_last_answers() -> int:
    """Forget the address of somebody who is gone, request and all, and whom our answer cannot reach."""
    asked = Request.objects.exclude(email="").values("email")
    lost = Letter.objects.filter(template__startswith=OURS, state=LetterState.DEAD, account=None)
    return int(lost.exclude(recipient__in=asked).delete()[0])


def sample() -> dict[str, Any]:
    """Return a request of nobody."""
    now = timezone.now()
    facts = {"kind": Kind.QUESTION, "received_at": now, "answer_by": now + timedelta(days=3), "answer": "…"}
    request = Request(public_id="REQ-7K3M-X2PQ", language=settings.LANGUAGE_CODE, outcome="answered", **facts)
    return {"request": request, "number": request.public_id}


owed.add(OURS)
register([RECEIVED, ANSWERED], sample)

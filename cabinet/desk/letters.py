"""Letters about a request: that it came and until when it is answered, and the answer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from cabinet.desk.models import Kind, Request
from cabinet.notices.kinds import register
from cabinet.notices.posting import post
from cabinet.privacy.traces import owed

OURS = "desk/letters/"
RECEIVED, ANSWERED = f"{OURS}received", f"{OURS}answered"


def tell_received(request: Request) -> None:
    """Say that it came, and until when it is answered."""
    account = request.customer.user if request.customer and request.customer.user.is_active else None
    _post(RECEIVED, request, account)


def tell_answered(request: Request) -> None:
    """Send the answer; to no account, for it is owed to the person when that is gone, too."""
    _post(ANSWERED, request, None)


def _post(template: str, request: Request, account: Any) -> None:
    if request.email:
        told = {"request": request, "number": request.public_id}
        post(template, to=request.email, language=request.language, context=told, account=account)


def sample() -> dict[str, Any]:
    """Return a request of nobody."""
    now = timezone.now()
    facts = {"kind": Kind.QUESTION, "received_at": now, "answer_by": now + timedelta(days=3), "answer": "…"}
    request = Request(public_id="REQ-7K3M-X2PQ", language=settings.LANGUAGE_CODE, outcome="answered", **facts)
    return {"request": request, "number": request.public_id}


owed.add(OURS)
register([RECEIVED, ANSWERED], sample)

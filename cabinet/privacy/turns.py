"""Letters at each turn of an erasure, to the address the person had."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language, override

from cabinet.notices.kinds import register
from cabinet.notices.posting import post
from cabinet.privacy.erasures import Erasure

REQUESTED = "privacy/letters/erasure_requested"
CANCELLED = "privacy/letters/erasure_cancelled"
WAITING = "privacy/letters/erasure_waiting"
DONE = "privacy/letters/erasure_done"


def tell_requested(erasure: Erasure) -> None:
    """Say until when there is time to think, and where to call it off."""
    with override(erasure.language):
        path = f"/{erasure.language}/cabinet/data/erase/locked/"
        _post(REQUESTED, erasure, erasure.told["email"], day=erasure.due_at, url=_ours(path))


def tell_cancelled(erasure: Erasure, email: str) -> None:
    """Say that everything is as it was."""
    _post(CANCELLED, erasure, email, url=_ours(f"/{erasure.language}/cabinet/"))


def tell_waiting(erasure: Erasure, plan: Any) -> None:
    """Say what has gone, and what stays, why and until when."""
    stays = [(stay.hold, stay.standing.last, stay.examples) for stay in plan.kept]
    _post(WAITING, erasure, erasure.told["email"], stays=stays, url=_ours(erasure.status_path))


def tell_done(erasure: Erasure, email: str, path: str) -> None:
    """Say that all of it is gone; the last letter, whose address goes when it is sent."""
    if email:
        _post(DONE, erasure, email, url=_ours(path))


def _post(template: str, erasure: Erasure, email: str, **context: Any) -> None:
    # No account: the letter must outlive it, and its address is wiped when it has left.
    post(template, to=email, language=erasure.language, context={"number": erasure.public_id, **context})


def _ours(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


def sample() -> dict[str, Any]:
    """Return an erasure of nobody."""
    from cabinet.register.holds import holds

    day: datetime = timezone.now() + timedelta(days=7)
    stays = [(hold, day, [("A-1001", day)]) for hold in list(holds)[:1]]
    url = f"{settings.SITE_URL}/{get_language()}/cabinet/data/erase/locked/"
    return {"number": "KEL-7K3M-X2PQ", "day": day, "url": url, "stays": stays}


register([REQUESTED, CANCELLED, WAITING, DONE], sample)

"""Letters about new editions and about withdrawals that had to wait, with sample data for who wants to see them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from cabinet.consents.purposes import title_of
from cabinet.customers.models import Customer
from cabinet.notices.kinds import register
from cabinet.notices.posting import post
from cabinet.register.holds import holds

NEW_EDITION = "consents/letters/new_edition"
BARRED, CARRIED_OUT = "consents/letters/withdrawal_barred", "consents/letters/withdrawal_carried_out"


def context(title: str, day: Any, points: list[str], changes_path: str) -> dict[str, Any]:
    """Return what the letter says."""
    site, language = settings.SITE_URL, get_language()
    urls = {"changes_url": f"{site}{changes_path}", "consents_url": f"{site}/{language}/cabinet/consents/"}
    return {"title": title, "day": day, "points": points, **urls}


def sample() -> dict[str, Any]:
    """Return an edition of nobody's policy."""
    from django.utils import timezone

    path = f"/{get_language()}/privacy/editions/2...3/"
    return context(_("Privacy policy"), timezone.localdate(), [_("A clause was added.")], path)


def tell_barred(customer: Customer, purpose: str, medium: str, bars: list[Any]) -> None:
    """Refuse a withdrawal with the reason and the date, as the law demands (94-V, art. 8(7))."""
    _tell(BARRED, customer, purpose, medium, bars=bars)


def tell_carried_out(customer: Customer, purpose: str, medium: str) -> None:
    """Say that a withdrawal that waited is done."""
    _tell(CARRIED_OUT, customer, purpose, medium)


def _tell(template: str, customer: Customer, purpose: str, medium: str, **more: Any) -> None:
    with override(customer.language):
        title = title_of(purpose, medium)
        url = f"{settings.SITE_URL}/{customer.language}/cabinet/consents/"
    context = {"title": title, "consents_url": url, **more}
    user = customer.user
    post(template, to=user.email, language=customer.language, context=context, account=user)


def sample_of_withdrawal() -> dict[str, Any]:
    """Return a withdrawal of nobody's."""
    from django.utils import timezone

    hold = next(iter(holds), None)
    bars = [{"hold": hold, "until": timezone.now(), "examples": ["A-1001"]}] if hold else []
    url = f"{settings.SITE_URL}/{get_language()}/cabinet/consents/"
    return {"title": _("Privacy policy"), "bars": bars, "consents_url": url}


register([NEW_EDITION], sample)
register([BARRED, CARRIED_OUT], sample_of_withdrawal)

"""The letter after an order by phone: the words agreed to, and the link to confirm, see and withdraw."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language, override

from cabinet.notices.kinds import register
from cabinet.notices.posting import post

PHONE_ORDER = "orders/letters/phone_order"


def send_link(*, order: Any, text: str, token: str) -> None:
    """Write to the person, where there is an address to write to."""
    person = order.person
    if not person.email:
        return
    told = {"number": order.number, "text": text, "link_url": link_url(token, person.language)}
    account = order.customer.user if order.customer_id else None
    post(PHONE_ORDER, to=person.email, language=person.language, context=told, account=account)


def link_url(token: str, language: str) -> str:
    """Return the whole address of the person's page."""
    with override(language):
        return f"{settings.SITE_URL}{reverse('phone_order', args=[token])}"


def sample() -> dict[str, Any]:
    """Return an order of nobody."""
    language = get_language() or settings.LANGUAGE_CODE
    return {"number": "T-2026-000001", "text": "…", "link_url": link_url("AAAA-BBBB-CCCC-DDDD", language)}


register([PHONE_ORDER], sample)

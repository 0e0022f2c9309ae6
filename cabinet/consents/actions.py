"""Recording a cookie choice."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from cabinet.consents.models import CookieReceipt
from cms_pages.models import BannerEdition, Edition
from cms_pages.models.document import DocumentKind

MINUTE = timedelta(minutes=1)
PER_MINUTE = 600  # receipts from all visitors: five times a busy shop's noon, and no more than 0.9 million a day


class TooManyChoices(Exception):
    """More choices arrive than visitors can make; nothing was recorded."""


@transaction.atomic
def record_choice(
    *, banner: BannerEdition, choices: dict[str, bool], method: str, gpc: bool, known: str = ""
) -> CookieReceipt:
    """Return the receipt of this choice, a new one only where it differs from that numbered `known`.

    Raises TooManyChoices when the site as a whole has recorded more than PER_MINUTE in the last minute.
    """
    last = CookieReceipt.objects.filter(public_id=known).first() if known else None
    if last and (last.banner_id, last.choices, last.gpc) == (banner.pk, choices, gpc):
        return last
    now = timezone.now()
    if CookieReceipt.objects.filter(made_at__gt=now - MINUTE)[:PER_MINUTE].count() >= PER_MINUTE:
        raise TooManyChoices
    policy = policy_in_force(banner.language)
    return CookieReceipt.objects.create(
        made_at=now,
        banner=banner,
        banner_sha256=banner.sha256,
        policy=policy,
        policy_sha256=policy.sha256 if policy else "",
        choices=choices,
        method=method,
        language=banner.language,
        gpc=gpc,
        follows=last,
    )


def policy_in_force(language: str) -> Edition | None:
    """Return the cookie policy's edition in force in a language; None where the shop has published none."""
    found = Edition.objects.filter(page__kind=DocumentKind.COOKIE_POLICY, language=language, page__live=True)
    return found.without_texts().in_force()

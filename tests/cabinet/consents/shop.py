"""A shop that can take consents: an operator's card and a policy in force."""

from __future__ import annotations

from typing import Any

from wagtail.models import Locale

from cms_pages.models import OperatorCard, OperatorText

BIN = "012345678901"
LANGUAGES = ("ru", "kk", "en")


def fill_card(site: Any) -> OperatorCard:
    """Say who answers for the data, in every language."""
    card = OperatorCard.objects.create(
        site=site, bin=BIN, privacy_email="privacy@shop.example", phone="+7 700 000 00 00"
    )
    for code in LANGUAGES:
        locale = Locale.objects.get(language_code=code)
        OperatorText.objects.create(card=card, locale=locale, legal_name=f"Shop ({code})", address="Almaty, 1")
    return card

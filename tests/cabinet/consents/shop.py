"""A shop that can take consents: an operator's card and a policy in force."""

from __future__ import annotations

from typing import Any

from wagtail.models import Locale, Site

from cms_pages.models import LegalDocumentPage, OperatorCard, OperatorText
from tests.documents import make_document, publish

BIN = "012345678901"
LANGUAGES = ("ru", "kk", "en")


def standing_policy(language: str = "ru") -> LegalDocumentPage:
    """Return the policy's page in a language; made and published unless it stands already."""
    page = LegalDocumentPage.objects.filter(slug="privacy", locale__language_code=language).first()
    if page is None:
        page = make_document(language, slug="privacy", kind="policy")
        publish(page)
    return page


def standing_shop(*languages: str) -> OperatorCard:
    """Return the operator's card of a shop that can take consents in these languages; what is missing is made."""
    for language in languages:
        standing_policy(language)
    return OperatorCard.objects.first() or fill_card(Site.objects.get())


def fill_card(site: Any) -> OperatorCard:
    """Say who answers for the data, in every language."""
    card = OperatorCard.objects.create(
        site=site, bin=BIN, privacy_email="privacy@shop.example", phone="+7 700 000 00 00"
    )
    for code in LANGUAGES:
        locale = Locale.objects.get(language_code=code)
        OperatorText.objects.create(card=card, locale=locale, legal_name=f"Shop ({code})", address="Almaty, 1")
    return card

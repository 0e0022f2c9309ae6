"""The text of a consent, composed of the eight things that the law demands (94-V, art. 8(4)).

The operator's card, the register, the named recipients and the editions in force say what is in it; nobody types it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db.models import F
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from cabinet.consents.ledger import ConsentText
from cabinet.consents.models import Recipient
from cabinet.consents.parts import Facts, parts_of
from cabinet.consents.purposes import ASKED, Asked, cells, title_of
from cabinet.register.categories import Purpose, Text
from cms_pages.models import Edition, OperatorText
from cms_pages.models.document import DocumentKind
from cms_pages.models.operator import label
from cms_pages.standing import Standing

Part = dict[str, Any]


class NotReady(Exception):
    """The shop has not yet said what a consent must state; `missing` names it for staff."""

    def __init__(self, missing: list[str]) -> None:
        super().__init__("; ".join(missing))
        self.missing = missing


@dataclass(frozen=True)
class Composed:
    """The text of one consent as it is to be shown; sealed when somebody agrees to it."""

    asked: Asked
    medium: str
    language: str
    title: str
    parts: list[Part]
    text: str
    policy: Edition
    document: Edition | None

    @cached_property
    def sha256(self) -> str:
        """Return the SHA-256 of the text in UTF-8."""
        return sha256(self.text.encode()).hexdigest()

    @property
    def sentence(self) -> Text:
        """Return what one agrees to, in one sentence."""
        return self.asked.sentences[self.medium]

    @property
    def key(self) -> str:
        """Return purpose and medium in one word, for forms."""
        return f"{self.asked.purpose}:{self.medium}"

    def seal(self) -> ConsentText:
        """Return the sealed row of exactly this text, made where it is the first time."""
        fields = {name: getattr(self, name) for name in ("medium", "language", "parts", "text", "policy", "document")}
        return ConsentText.objects.get_or_create(  # type: ignore[no-any-return]
            sha256=self.sha256, defaults={**fields, "purpose": self.asked.purpose}
        )[0]


class Composer:
    """Composes consents in one language of what holds now; three queries, however many consents."""

    def __init__(self, language: str) -> None:
        """Read what the texts are made of; raise NotReady when operator or policy is not there."""
        self.language = language
        self.editions = _editions_in_force(language)
        self.operator = _operator(language)
        missing = self.missing()
        if missing:
            raise NotReady(missing)
        self.recipients = list(Recipient.objects.all())

    def missing(self) -> list[str]:
        """Return what staff must fill in or publish before anybody can consent in this language."""
        with override(settings.LANGUAGE_CODE):
            told = [label(self.operator, name) for name in ("legal_name",) if not getattr(self.operator, name)]
            card = self.operator.card if self.operator.card_id else None
            told += [name for name in ("bin", "privacy_email") if not getattr(card, name, "")]
            told += [] if DocumentKind.POLICY in self.editions else [str(DocumentKind.POLICY.label)]
        return told

    def all(self) -> list[Composed]:
        """Return every consent that can be asked for: there is data for it, and somebody to hand it to."""
        return [self.compose(asked, medium) for asked, medium in cells() if self.is_offered(asked, medium)]

    def at_sign_up(self) -> list[Composed]:
        """Return the consents asked for when an account is opened."""
        return [each for each in self.all() if each.medium in each.asked.at_sign_up]

    def one(self, purpose: str, medium: str = "") -> Composed | None:
        """Return the consent for a purpose and medium; None where it is not offered."""
        asked = ASKED.get(Purpose(purpose)) if purpose in Purpose.values else None
        if asked is None or medium not in asked.media or not self.is_offered(asked, medium):
            return None
        return self.compose(asked, medium)

    def is_offered(self, asked: Asked, medium: str) -> bool:
        """Say whether there is anything to agree to."""
        needs_recipients = asked.purpose == Purpose.TRANSFER
        return bool(asked.categories(medium)) and bool(self.recipients or not needs_recipients)

    def compose(self, asked: Asked, medium: str) -> Composed:
        """Return the text of one consent."""
        with override(self.language):
            title = title_of(asked.purpose, medium)
            parts = parts_of(self._facts(asked, medium))
            text = _canonical(title, str(asked.sentences[medium]), parts)
        policy, document = self.editions[DocumentKind.POLICY], self.editions.get(DocumentKind.CONSENT)
        return Composed(asked, medium, self.language, title, parts, text, policy, document)

    def _facts(self, asked: Asked, medium: str) -> Facts:
        is_transfer = asked.purpose == Purpose.TRANSFER
        return Facts(
            operator=self.operator,
            asked=asked,
            categories=asked.categories(medium),
            recipients=self.recipients if is_transfer else [],
            language=self.language,
            editions=[edition_line(edition) for edition in self.editions.values()],
        )


def _canonical(title: str, sentence: str, parts: list[Part]) -> str:
    """Return the text a line a sentence, each part under its numbered heading, with a line end at the end."""
    return "\n".join([_("Consent: %(title)s") % {"title": title}, "", sentence, *_numbered(parts)]) + "\n"


def _numbered(parts: list[Part]) -> Iterator[str]:
    for number, part in enumerate(parts, start=1):
        yield from ("", f"{number}. {part['heading']}", *part["lines"])


def edition_line(edition: Any) -> str:
    """Return which edition it is, where it stands and its hash, in the active language."""
    told = {
        "title": edition.title,
        "number": edition.number,
        "date": date_format(edition.day_in_force),
        "sha256": edition.sha256,
        "url": f"{settings.SITE_URL}/{edition.language}/{edition.slug}/editions/{edition.number}/",
    }
    return _("%(title)s, edition %(number)d, in force from %(date)s, SHA-256 %(sha256)s: %(url)s") % told


def _operator(language: str) -> OperatorText:
    found = OperatorText.objects.filter(locale__language_code=language, card__site__is_default_site=True)
    return found.select_related("card").first() or OperatorText()


def _editions_in_force(language: str) -> dict[str, Any]:
    """Return which edition of the policy and of the consent document is in force, where there is one; one query."""
    kinds = (DocumentKind.POLICY, DocumentKind.CONSENT)
    found = Edition.objects.filter(page__kind__in=kinds, language=language, page__live=True).without_texts()
    newest_first = list(found.annotate(kind=F("page__kind"), slug=F("page__slug")).order_by("page_id", "-number"))
    standing: dict[str, Any] = {}
    for kind in kinds:
        edition = Standing([each for each in newest_first if each.kind == kind]).in_force
        if edition and not edition.withdrawn:
            standing[kind] = edition
    return standing

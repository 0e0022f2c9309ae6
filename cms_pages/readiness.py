"""What stands between a draft and its publication, said in words an editor can act on."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Max
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cms_pages.drafting import draft_edition, shop_day
from cms_pages.models.edition import Edition
from cms_pages.models.operator import OperatorCard
from cms_pages.rendering import Clause, flat, outline
from cms_pages.standing import Standing

if TYPE_CHECKING:
    from cms_pages.models import LegalDocumentPage

Errors = dict[str, list[str]]

FURTHEST = timedelta(days=730)  # a text that begins later was dated by a slip; nobody announces it so early

# What writers leave for later: an ellipsis or words in square brackets, a row of underscores, known phrases.
PLACEHOLDERS = re.compile(
    r"\[\s*(?:…|\.{3}|[^\W\d][^\]\n]{0,80})\s*\]|_{3,}|\bX{3,}\b|\bTODO\b|lorem ipsum"
    r"|адрес страницы|бет мекенжайы|беттің мекенжайы",
    re.IGNORECASE,
)


def blockers(page: LegalDocumentPage) -> Errors:
    """Return what must be mended before this text can be published, by field; nothing when no word has changed."""
    last = page.editions.order_by("-number").first() if page.pk else None  # type: ignore[attr-defined]
    sections = outline(page)
    if last and _unchanged(page, last):
        return {}
    found = {
        "change_summary": [*_summary(page, last), *_placeholders([(_("the points"), page.change_summary)])],
        "in_force_from": _dates(page),
        "title": _placeholders([(_("the title"), page.title)]),
        "plain_words": _placeholders([(_("the summary in plain words"), page.plain_words)]),
        "body": [
            *_body(sections),
            *_placeholders([(item.number, item.text) for item in flat(sections)]),
            *_link_names(page, sections),
            *_operator(page, sections),
        ],
    }
    return {field: messages for field, messages in found.items() if messages}


def advice(page: LegalDocumentPage) -> list[str]:
    """Return what an editor should know and may decide otherwise: languages behind, demo values."""
    advice = []
    own = level_reached(page)
    for sibling in page.get_translations().specific():
        if level_reached(sibling) > own:
            told = {"title": sibling.title, "language": sibling.locale.get_display_name()}
            advice.append(_("This language is behind: “%(title)s” (%(language)s) has a newer edition.") % told)
    sections = outline(page)
    advice += _stale_tables(page, sections)
    if any(word in item.text for item in flat(sections) if item.kind == "card" for word in ("ДЕМО", "DEMO")):
        advice.append(_("The operator's card still holds demo values."))
    return advice


def _stale_tables(page: LegalDocumentPage, sections: list[Clause]) -> list[str]:
    """What the software fills in changes without an editor, so somebody must tell them."""
    last = page.editions.order_by("-number").first() if page.pk else None  # type: ignore[attr-defined]
    if last is None:
        return []
    sealed = {item["id"]: item["text"] for item in last.clauses if item["kind"] == "table"}
    if all(sealed.get(item.id, item.text) == item.text for item in flat(sections) if item.kind == "table"):
        return []
    told = _(
        "The table of personal data or of cookies has changed since edition %(number)d: "
        "publish the document anew, so that readers see what holds now."
    )
    return [told % {"number": last.number}]


def level_reached(page: LegalDocumentPage) -> int:
    """Return how far this language of the document has come (publishing.level_of)."""
    return int(Edition.objects.filter(page=page.pk).aggregate(level=Max("level"))["level"] or 0)


def _unchanged(page: LegalDocumentPage, last: Edition) -> bool:
    return draft_edition(page=page, number=last.number, at=timezone.now()).same_text_as(last)


def _summary(page: LegalDocumentPage, last: Edition | None) -> list[str]:
    summary = page.change_summary.strip()
    if last and not summary:
        return [_("Say what changes, one point a line: readers see it above the text.")]
    if last and summary == last.summary:
        return [_("This is what edition %(number)d said. Say what changes now.") % {"number": last.number}]
    return []


def _dates(page: LegalDocumentPage) -> list[str]:
    return _day(page) or _before_the_announced(page)


def _day(page: LegalDocumentPage) -> list[str]:
    day = page.in_force_from
    if not day:
        return []
    if day > shop_day() + FURTHEST:
        return [_("This is more than two years away. Was the year mistyped?")]
    if day < shop_day():
        return [_("This date has passed. Leave it empty to put the text in force when it is published.")]
    if page.go_live_at and day < shop_day(page.go_live_at):
        return [_("The text is scheduled to be published later than this: it cannot be in force before.")]
    return []


def _before_the_announced(page: LegalDocumentPage) -> list[str]:
    """Whoever mends a word today must not bring forward what was announced for a later day without knowing it."""
    coming = Standing(list(page.editions.order_by("-number"))).coming if page.pk else None  # type: ignore[attr-defined]
    if coming is None or page.replaces_announced:
        return []
    announced = shop_day(coming.in_force_from)
    if page.in_force_from and page.in_force_from >= announced:
        return []
    told = _(
        "Edition %(number)d is announced for %(day)s. If this text begins earlier, that edition never comes into "
        "force, and what this text has of it holds at once. Name that day or a later one, or tick “replace the "
        "announced edition” below."
    )
    return [told % {"number": coming.number, "day": date_format(announced)}]


def _body(sections: list[Clause]) -> list[str]:
    if not any(section.clauses for section in sections):
        return [_("The document has no clauses yet.")]
    return []


def _placeholders(texts: list[tuple[str, str]]) -> list[str]:
    found = ((place, PLACEHOLDERS.search(text)) for place, text in texts)
    message = _("Something was left to fill in at %(place)s: “%(words)s”.")
    return [message % {"place": place, "words": match[0]} for place, match in found if match]


def _link_names(page: LegalDocumentPage, sections: list[Clause]) -> list[str]:
    """A name in a link belongs to one clause for ever, or an old link would lead to another text."""
    names = Counter(item.name for item in flat(sections) if item.name)
    twice = [name for name, count in names.items() if count > 1]
    editions = page.editions.only("outline", "page_id") if page.pk else []  # type: ignore[attr-defined]
    owners = {old["name"]: old["id"] for edition in editions for old in edition.clauses if old["name"]}
    taken = [item.name for item in flat(sections) if item.name and owners.get(item.name, item.id) != item.id]
    return [
        *(_("Two places share the link name “%(name)s”.") % {"name": name} for name in twice),
        *(_("The link name “%(name)s” has belonged to another clause.") % {"name": name} for name in taken),
    ]


def _operator(page: LegalDocumentPage, sections: list[Clause]) -> list[str]:
    if not any(item.kind == "card" for item in flat(sections)):
        return []
    missing = OperatorCard.of(page).missing(page.language)
    if not missing:
        return []
    return [_("The operator's card lacks: %(fields)s.") % {"fields": ", ".join(missing)}]

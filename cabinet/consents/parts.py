"""The eight parts of a consent, one function each, in the order of the law (94-V, art. 8(4))."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cabinet.consents.ledger import Recipient
from cabinet.consents.purposes import Asked
from cabinet.register.categories import Category, Text
from cms_pages.models import OperatorText


@dataclass(frozen=True)
class Facts:
    """What the parts are made of."""

    operator: OperatorText
    asked: Asked
    categories: list[Category]
    recipients: list[Recipient]
    language: str
    editions: list[str]


def operator(facts: Facts) -> list[str]:
    """1. The operator's name and BIN."""
    card = facts.operator.card
    told = {"name": facts.operator.legal_name, "bin": card.bin}
    return [_("%(name)s, BIN %(bin)s") % told, *filter(None, (facts.operator.address, card.privacy_email))]


def person(facts: Facts) -> list[str]:
    """2. The person's full name, or where it stands."""
    return [str(facts.asked.who)]


def term(facts: Facts) -> list[str]:
    """3. For how long."""
    terms = [f"{category.title}: {category.term.text}" for category in facts.categories]
    return [_("Until it is withdrawn. What is kept for it goes as follows:"), *_unique(terms)]


def third_parties(facts: Facts) -> list[str]:
    """4. Whether data is handed to third parties, and to whom."""
    named = [f"{each.name}: {getattr(each, f'purpose_{facts.language}')}" for each in facts.recipients]
    named += [str(name) for category in facts.categories for name in category.recipients]
    if not named:
        return [_("No, except where the law demands it.")]
    return [_("Yes, to these and nobody else, except where the law demands it:"), *_unique(named)]


def border(facts: Facts) -> list[str]:
    """5. Whether data crosses the border."""
    abroad = [f"{each.name} ({each.country.upper()})" for each in facts.recipients if each.is_abroad]
    if not abroad:
        return [_("No. The data stays in the Republic of Kazakhstan.")]
    return [_("Yes, to these recipients:"), *abroad]


def published(facts: Facts) -> list[str]:
    """6. Whether data is published: the software has no place where it would be."""
    return [_("No. The data is not made public.")]


def data(facts: Facts) -> list[str]:
    """7. The list of data."""
    return _unique([f"{category.title}: {_fields(category)}" for category in facts.categories])


def more(facts: Facts) -> list[str]:
    """8. What else the operator sets: how it ends, and the documents that hold."""
    email = facts.operator.card.privacy_email
    return [
        _("You may withdraw this consent at any time, in your cabinet or by a letter to %(email)s.") % {"email": email},
        str(facts.asked.ending),
        _("What was done before the withdrawal stays lawful."),
        *facts.editions,
    ]


HEADINGS: list[tuple[Text, Callable[[Facts], list[str]]]] = [
    (gettext_lazy("Operator"), operator),
    (gettext_lazy("Who consents"), person),
    (gettext_lazy("For how long"), term),
    (gettext_lazy("Is it handed to third parties?"), third_parties),
    (gettext_lazy("Does it cross the border?"), border),
    (gettext_lazy("Is it published?"), published),
    (gettext_lazy("Which data"), data),
    (gettext_lazy("What else holds"), more),
]


def parts_of(facts: Facts) -> list[dict[str, Any]]:
    """Return the eight parts in the active language."""
    return [{"heading": str(heading), "lines": part(facts)} for heading, part in HEADINGS]


def _fields(category: Category) -> str:
    """Return what people call the fields, but for those that are kept and never shown."""
    shown = [held.label(name) for held in category.held for name in held.fields if name not in held.secret]
    return ", ".join(_unique(shown))


def _unique(lines: list[str]) -> list[str]:
    return list(dict.fromkeys(lines))

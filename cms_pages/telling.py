"""Tells whoever publishes what that sealed: by button, by a workflow's last approval, in bulk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext

if TYPE_CHECKING:
    from cms_pages.models import Edition, LegalDocumentPage

# What publishing has come to in this request: a sentence in the asker's language, and the edition when one was made.
Told = list[tuple[str, "Edition | None"]]
_told: ContextVar[Told | None] = ContextVar("told", default=None)


def note_published(page: LegalDocumentPage, edition: Edition | None) -> None:
    """Remember what publishing has come to for the end of the request; outside of one there is nobody to tell."""
    told = _told.get()
    if told is not None:
        told.append((_sealed(edition) if edition else _unchanged(page), edition))


@contextmanager
def telling(request: HttpRequest) -> Iterator[None]:
    """Tell what is published meanwhile, after Wagtail's own messages; what was taken back is not told."""
    told: Told = []
    token = _told.set(told)
    try:
        yield
    finally:
        _told.reset(token)
    for sentence, edition in told:
        if edition is None:
            messages.info(request, sentence)
        elif type(edition).objects.filter(pk=edition.pk).exists():
            messages.success(request, sentence)


def _sealed(edition: Edition) -> str:
    words = {"title": edition.title, "number": edition.number, "date": date_format(edition.day_in_force)}
    if edition.is_coming():
        return gettext("Edition %(number)d of “%(title)s” is sealed. It comes into force on %(date)s.") % words
    return gettext("Edition %(number)d of “%(title)s” is sealed and in force.") % words


def _unchanged(page: LegalDocumentPage) -> str:
    number = page.editions.order_by("-number").values_list("number", flat=True)[0]  # type: ignore[attr-defined]
    return gettext("No word has changed since edition %(number)d, so no new edition was made.") % {"number": number}

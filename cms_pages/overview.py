"""The state of every document in every language, for those who keep them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from wagtail.models import Locale, WorkflowState

from cms_pages.models import Edition, LegalDocumentPage
from cms_pages.standing import Standing


@dataclass
class State:
    """What an editor wants to know of one document in one language."""

    page: LegalDocumentPage
    may_edit: bool
    waiting: bool = False  # a workflow has the text in hand
    in_force: Edition | None = None
    coming: Edition | None = None
    is_behind: bool = False
    level: int = 0


@dataclass
class Row:
    """One document: its title in the site's own language and its state in each, None where it is missing."""

    title: str
    cells: list[tuple[Locale, State | None]]


def document_states(user: Any, locales: list[Locale]) -> list[Row]:
    """Return a row a document in the tree's order, a cell a language."""
    pages = LegalDocumentPage.objects.select_related("locale").order_by("path")
    editions: dict[int, list[Edition]] = {}
    for edition in Edition.objects.all().without_texts().order_by("-number"):
        editions.setdefault(edition.page_id, []).append(edition)
    documents: dict[Any, dict[int, State]] = {}
    documents_type = ContentType.objects.get_for_model(LegalDocumentPage)
    in_hand = WorkflowState.objects.active().filter(content_type=documents_type)
    waiting = set(in_hand.values_list("object_id", flat=True))
    for page in pages:
        state = _state(page, editions.get(page.pk, []), user)
        state.waiting = str(page.pk) in waiting
        documents.setdefault(page.translation_key, {})[page.locale_id] = state
    return list(_rows(documents, locales))


def _rows(documents: dict[Any, dict[int, State]], locales: list[Locale]) -> Iterator[Row]:
    for states in documents.values():
        furthest = max(state.level for state in states.values())
        for state in states.values():
            state.is_behind = state.level < furthest
        yield Row(next(iter(states.values())).page.title, [(locale, states.get(locale.pk)) for locale in locales])


def _state(page: LegalDocumentPage, editions: list[Edition], user: Any) -> State:
    standing = Standing(editions)
    return State(
        page=page,
        may_edit=page.permissions_for_user(user).can_edit(),
        in_force=standing.in_force,
        coming=standing.coming,
        level=max((edition.level for edition in editions), default=0),
    )

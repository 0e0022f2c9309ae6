"""Publishing a document seals an edition; nothing else does."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from cms_pages.models.edition import Edition
from cms_pages.rendering import canonical_text, frozen_html, outline

if TYPE_CHECKING:
    from wagtail.models import Revision

    from cms_pages.models.document import LegalDocumentPage


def publish_document(
    page: LegalDocumentPage, revision: Revision, publish: Callable[..., None], *args: Any, **kwargs: Any
) -> None:
    """Run Wagtail's own publishing and seal what went live, both or neither."""
    with transaction.atomic():
        # One publication of a document at a time: hand, schedule and workflow may all arrive in the same second.
        type(page).objects.select_for_update(of=("self",)).get(pk=page.pk)
        publish(revision, *args, **kwargs)
        draft: LegalDocumentPage = revision.as_object()
        if draft.go_live_at and draft.go_live_at > timezone.now():
            return  # scheduled: the same door opens again at that hour
        user = kwargs.get("user") or (args[0] if args else None)
        seal_edition(page=draft, revision=revision, approver=approver_of(revision) or user)


def seal_edition(
    *, page: LegalDocumentPage, revision: Revision, approver: Any = None, at: datetime | None = None
) -> Edition | None:
    """Seal the page's text as its next edition; return None when no word of it has changed.

    `at` is the moment of publication (now). An edition is in force from that moment or from a later date
    it names; a date that passed while the text waited for its schedule counts as the moment (policy, 8.1).
    """
    at = at or timezone.now()
    last = page.editions.order_by("-number").first()  # type: ignore[attr-defined]
    edition = draft_edition(page=page, number=last.number + 1 if last else 1, at=at)
    if edition.same_text_as(last):
        return None
    edition.revision = revision
    edition.author = revision.user
    edition.approver = approver
    edition.save()
    return edition


def draft_edition(*, page: LegalDocumentPage, number: int, at: datetime) -> Edition:
    """Return the edition that publishing this page at `at` would make, unsaved; previews show it."""
    sections = outline(page)
    html = frozen_html(page, sections)
    text = canonical_text(page.title, html)
    return Edition(
        page=page,
        language=page.language,
        number=number,
        title=page.title,
        html=html,
        canonical_text=text,
        sha256=sha256_of(text),
        clauses=[item.stored() for section in sections for item in (section, *section.clauses)],
        summary=page.change_summary.strip(),
        material=page.material,
        only_this_language=page.only_this_language,
        withdrawn=page.withdrawn,
        in_force_from=max(at, midnight(page.in_force_from)) if page.in_force_from else at,
        published_at=at,
    )


def sha256_of(text: str) -> str:
    """Return the SHA-256 of the text in UTF-8, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def midnight(day: Any) -> datetime:
    """Return the first moment of a day in the shop's zone."""
    return timezone.make_aware(datetime.combine(day, time.min), timezone.get_default_timezone())


def approver_of(revision: Revision) -> Any:
    """Return who approved the last task of the workflow that ends in this publication, if one did."""
    state = (
        revision.task_states.filter(status="approved", finished_by__isnull=False)
        .select_related("finished_by")
        .order_by("-finished_at")
        .first()
    )
    return state.finished_by if state else None

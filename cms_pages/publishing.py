"""Publishing a document seals an edition; nothing else does."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from django.utils import timezone
from wagtail.log_actions import get_active_log_context
from wagtail.models import PageLogEntry

from cms_pages.models.edition import Edition
from cms_pages.readiness import blockers, flat
from cms_pages.refusals import Refused
from cms_pages.rendering import canonical_text, frozen_html, outline

if TYPE_CHECKING:
    from wagtail.models import Revision

    from cabinet.customers.models import User
    from cms_pages.models.document import LegalDocumentPage


class PublishRefused(Refused):
    """A text was to be published that is not ready; its reasons tell why."""


def seal_edition(
    *, page: LegalDocumentPage, revision: Revision, approver: User | None = None, at: datetime | None = None
) -> Edition | None:
    """Seal the page's text as its next edition; return None when no word of it has changed.

    `at` is the moment of publication (now). An edition is in force from that moment or from a later date
    it names; a date that passed while the text waited for its schedule counts as the moment (policy, 8.1).
    The caller holds the page's row locked.
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


def seal_published(page: LegalDocumentPage, revision: Revision) -> Edition | None:
    """Seal what has just gone live; raise PublishRefused when somebody is there who can mend it.

    A schedule has nobody to tell: its text was found ready when it was scheduled, and a refusal would hold up
    every other page that is due.
    """
    person = get_active_log_context().user
    if person and (errors := blockers(page)):
        raise PublishRefused(*(message for messages in errors.values() for message in messages))
    return seal_edition(page=page, revision=revision, approver=approver_of(revision) or person or scheduler_of(page))


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
        outline=json.dumps([item.stored() for item in flat(sections)], ensure_ascii=False),
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


def midnight(day: date) -> datetime:
    """Return the first moment of a day in the shop's zone."""
    return timezone.make_aware(datetime.combine(day, time.min), timezone.get_default_timezone())


def approver_of(revision: Revision) -> User | None:
    """Return who approved the last task of the workflow that ends in this publication, if one did."""
    states = revision.task_states.filter(status="approved", finished_by__isnull=False)
    state = states.select_related("finished_by").order_by("-finished_at").first()
    return state.finished_by if state else None


def scheduler_of(page: LegalDocumentPage) -> User | None:
    """Return who scheduled the page's publication, if it was scheduled."""
    entry = PageLogEntry.objects.filter(page=page.pk, action="wagtail.publish.schedule").order_by("-timestamp").first()
    return entry.user if entry else None

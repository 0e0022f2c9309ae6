"""Publishing a document seals an edition; nothing else does."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Max
from django.utils import timezone
from wagtail.log_actions import get_active_log_context
from wagtail.models import PageLogEntry, WorkflowState

from cms_pages.drafting import draft_edition
from cms_pages.models.edition import Edition
from cms_pages.readiness import blockers
from cms_pages.refusals import Refused
from cms_pages.telling import note_published

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
    edition.level = level_of(edition, last)
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
    refuse_unready(page)
    person = get_active_log_context().user
    approver = approver_of(revision) or person or scheduler_of(page)
    edition = seal_edition(page=page, revision=revision, approver=approver)
    note_published(page, edition)
    return edition


def refuse_unready(page: LegalDocumentPage) -> None:
    """Raise PublishRefused, with what must be mended, when somebody is about to publish or schedule this text."""
    if get_active_log_context().user and (errors := blockers(page)):
        raise PublishRefused(*(message for messages in errors.values() for message in messages))


def level_of(edition: Edition, last: Edition | None) -> int:
    """Return how far the document has come with this edition, counted over all languages.

    A language that was behind has caught up with one edition; one that was in front goes one further; a correction
    of this language alone goes nowhere.
    """
    own = last.level if last else 0
    if edition.only_this_language:
        return own
    siblings = Edition.objects.filter(page__translation_key=edition.page.translation_key)
    siblings = siblings.filter(published_at__lte=edition.published_at).exclude(page=edition.page)
    reached = siblings.aggregate(level=Max("level"))["level"] or 0
    return int(reached) if reached > own else own + 1


def approver_of(revision: Revision) -> User | None:
    """Return who approved the last task of the workflow that ends in this publication, if one did."""
    states = revision.task_states.filter(
        status="approved", finished_by__isnull=False, workflow_state__status=WorkflowState.STATUS_APPROVED
    )
    state = states.select_related("finished_by").order_by("-finished_at").first()
    return state.finished_by if state else None


def scheduler_of(page: LegalDocumentPage) -> User | None:
    """Return who scheduled the page's publication, if it was scheduled."""
    entry = PageLogEntry.objects.filter(page=page.pk, action="wagtail.publish.schedule").order_by("-timestamp").first()
    return entry.user if entry else None

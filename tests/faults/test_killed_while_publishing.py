"""i11: a process killed while it publishes leaves editions whole, and publishing again works."""

from __future__ import annotations

import os
import signal
import traceback
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.utils import timezone
from wagtail.actions.publish_page_revision import PublishPageRevisionAction

from cms_pages import publishing
from cms_pages.models import Edition, LegalDocumentPage

POINTS = ["before sealing", "after sealing, before commit", "after commit"]


def published_and_killed(page, way: str, point: str) -> int:
    """Publish the draft in a process of its own, which kills itself at the point; what ended it, 0 for nothing."""
    connections.close_all()  # no process may go on with another's
    child = os.fork()
    if child == 0:
        try:
            publish_and_die(page.pk, way, point)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def publish_and_die(pk: int, way: str, point: str) -> None:
    """Publish as it is done, but for the moment at which the process ends."""
    seal = publishing.seal_edition

    def die():
        os.kill(os.getpid(), signal.SIGKILL)

    def seal_and_die(**words):
        if point == "before sealing":
            die()
        if point == "after commit":
            transaction.on_commit(die)
        edition = seal(**words)
        if point == "after sealing, before commit":
            die()
        return edition

    publishing.seal_edition = seal_and_die
    if way == "by button":
        PublishPageRevisionAction(LegalDocumentPage.objects.get(pk=pk).get_latest_revision()).execute()
    else:
        call_command("publish_scheduled")
    connections.close_all()


def own_database() -> str:
    """Return the address of this test's database."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    base, _slash, _name = os.environ["DATABASE_URL"].partition("?")[0].rpartition("/")
    return f"{base}/{name}"


def assert_whole(page) -> None:
    """What is live has its edition, numbers have no gap, and every edition is as it was sealed."""
    page = LegalDocumentPage.objects.get(pk=page.pk)
    editions = Edition.objects.filter(page=page.pk).order_by("number")
    assert editions.filter(revision=page.live_revision_id).count() == 1
    assert editions.last().revision_id == page.live_revision_id
    assert [edition.number for edition in editions] == list(range(1, len(editions) + 1))
    call_command("verify_editions")


@pytest.fixture
def page(committed_db, make_document, publish):
    """A document with one edition, and a draft that waits for the schedule."""
    page = make_document()
    publish(page)
    draft = LegalDocumentPage.objects.get(pk=page.pk)
    draft.plain_words, draft.change_summary = "New.", "Said in plain words."
    revision = draft.save_revision()
    revision.approved_go_live_at = timezone.now() - timedelta(seconds=1)
    revision.save()
    return page


@pytest.mark.parametrize("way", ["by button", "by schedule"])
@pytest.mark.parametrize("point", POINTS)
def test_i11_a_killed_publication_is_whole_or_never_was(page, way, point):
    assert published_and_killed(page, way, point) == -signal.SIGKILL
    assert page.editions.count() == (2 if point == "after commit" else 1)
    assert_whole(page)

    assert published_and_killed(page, way, "never") == 0
    assert page.editions.count() == 2
    assert_whole(page)


def test_i11_after_a_killed_publication_the_next_text_gets_the_next_number(page, publish):
    published_and_killed(page, "by button", "after sealing, before commit")
    publish(page, clauses=[["Another text."]])
    assert [edition.number for edition in page.editions.all()] == [2, 1]
    assert_whole(page)

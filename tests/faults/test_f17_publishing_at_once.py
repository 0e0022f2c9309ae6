"""f17: schedule and hand, and two editors, publish in the same second; editions stay, numbered without a gap."""

from __future__ import annotations

import threading
from datetime import timedelta

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from cms_pages.models import Edition, LegalDocumentPage

AT_ONCE = 4


def run_at_once(*deeds) -> list[Exception]:
    """Run each deed in a thread of its own, all from the same moment; what they raised."""
    failures, gate = [], threading.Barrier(len(deeds))

    def run(deed) -> None:
        try:
            gate.wait()
            deed()
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


def drafts(page, count: int) -> list:
    """Return revisions that each change the text in their own way."""
    revisions = []
    for number in range(count):
        draft = LegalDocumentPage.objects.get(pk=page.pk)
        draft.plain_words, draft.change_summary = f"Draft {number}.", f"Draft {number}."
        revisions.append(draft.save_revision())
    return revisions


def test_f17_editors_who_publish_at_once_each_get_an_edition(committed_db, make_document, publish):
    page = make_document()
    publish(page)
    failures = run_at_once(*(revision.publish for revision in drafts(page, AT_ONCE)))
    assert not failures
    assert list(page.editions.order_by("number").values_list("number", flat=True)) == list(range(1, AT_ONCE + 2))
    live = LegalDocumentPage.objects.get(pk=page.pk).live_revision_id
    assert live == page.editions.first().revision_id


def test_f17_schedule_and_hand_together_lose_nothing(committed_db, make_document, publish):
    page = make_document()
    publish(page)
    by_schedule, by_hand = drafts(page, 2)
    by_schedule.approved_go_live_at = timezone.now() - timedelta(seconds=1)
    by_schedule.save()
    failures = run_at_once(lambda: call_command("publish_scheduled"), by_hand.publish)
    assert not failures
    told = list(Edition.objects.order_by("number").values_list("number", "summary"))
    # A hand that came first clears the schedule's turn; what either published is sealed, numbered without a gap.
    assert "Draft 1." in [summary for _number, summary in told]
    assert [number for number, _summary in told] == list(range(1, len(told) + 1))
    live = LegalDocumentPage.objects.get(pk=page.pk)
    assert Edition.objects.filter(revision=live.live_revision_id).count() == 1


def test_f17_the_same_revision_published_twice_is_one_edition(committed_db, make_document, publish):
    page = make_document()
    (revision,) = drafts(page, 1)
    failures = run_at_once(revision.publish, revision.publish)
    assert not failures
    assert page.editions.count() == 1

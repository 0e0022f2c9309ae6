"""Publishing seals an edition: number, text, hash, people, dates."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import GroupApprovalTask, Workflow, WorkflowPage, WorkflowTask

from cms_pages.comparing import compare
from cms_pages.drafting import midnight
from cms_pages.models import Edition, LegalDocumentPage
from cms_pages.overview import document_states
from cms_pages.publishing import PublishRefused
from cms_pages.rendering import canonical_text
from cms_pages.standing import Standing

NOON = "2026-11-23T07:00:00Z"  # noon in Almaty


def test_a_first_publication_is_edition_one(make_document, publish, dana):
    edition = publish(make_document(clauses=[["We keep your name."]]), user=dana)
    assert (edition.number, edition.language, edition.author, edition.approver) == (1, "ru", dana, dana)


def test_the_hash_is_that_of_the_text_and_the_text_is_that_of_the_page(make_document, publish):
    edition = publish(make_document(clauses=[["We keep your <b>name</b>."], ["Write <a href='/x/'>here</a>."]]))
    assert edition.canonical_text.endswith(
        "1. Section 1\n1.1. We keep your name.\n2. Section 2\n2.1. Write here (/x/).\n"
    )
    assert edition.sha256 == hashlib.sha256(edition.canonical_text.encode()).hexdigest()
    assert edition.canonical_text == canonical_text(edition.title, edition.html)


def test_publishing_an_unchanged_body_makes_no_edition(make_document, publish):
    page = make_document()
    first = publish(page)
    assert publish(page, change_summary="Nothing at all.") == first


def test_bold_letters_alone_make_no_edition(make_document, publish):
    page = make_document(clauses=[["We keep your name."]])
    first = publish(page)
    assert publish(page, clauses=[["We keep your <b>name</b>."]]) == first


def test_a_changed_link_is_a_changed_text(make_document, publish):
    page = make_document(clauses=[["See <a href='/a/'>there</a>."]])
    publish(page)
    assert publish(page, clauses=[["See <a href='/b/'>there</a>."]]).number == 2


def test_numbers_count_per_document_and_language(make_document, publish):
    ru, kk = make_document("ru"), make_document("kk")
    publish(ru)
    publish(ru, clauses=[["Another."]])
    assert publish(kk).number == 1


@time_machine.travel(NOON, tick=False)
def test_without_a_date_it_is_in_force_from_the_moment_it_is_posted(make_document, publish):
    edition = publish(make_document())
    assert edition.in_force_from == edition.published_at == timezone.now()


@time_machine.travel(NOON, tick=False)
def test_a_later_date_begins_at_midnight_in_almaty(make_document, publish):
    edition = publish(make_document(), in_force_from=date(2026, 12, 1))
    assert edition.in_force_from.isoformat() == "2026-11-30T19:00:00+00:00"


def test_a_coming_edition_takes_over_at_its_moment_without_any_job(make_document, publish):
    page = make_document()
    with time_machine.travel(NOON, tick=False):
        publish(page)
        publish(page, clauses=[["New."]], in_force_from=date(2026, 12, 1))
    switch = midnight(date(2026, 12, 1))
    assert page.editions.in_force(switch - timedelta(seconds=1)).number == 1
    assert page.editions.in_force(switch).number == 2


def test_a_newer_edition_also_replaces_one_that_was_still_to_come(make_document, publish):
    page = make_document()
    with time_machine.travel(NOON, tick=False):
        publish(page)
        publish(page, clauses=[["Too early."]], in_force_from=date(2026, 12, 1))
        publish(page, clauses=[["Better."]])
    assert page.editions.in_force(midnight(date(2027, 1, 1))).number == 3


def test_withdrawing_is_an_edition_of_its_own(make_document, publish):
    page = make_document()
    publish(page)
    edition = publish(page, withdrawn=True, change_summary="The rules have ended.")
    assert (edition.number, edition.withdrawn) == (2, True)


def test_a_scheduled_publication_seals_when_its_hour_has_come(make_document, dana):
    page = make_document()
    with time_machine.travel(NOON, tick=False):
        page.go_live_at = timezone.now() + timedelta(hours=1)
        page.save_revision(user=dana).publish(user=dana)
        assert not Edition.objects.exists()
    with time_machine.travel("2026-11-23T09:00:00Z", tick=False):
        call_command("publish_scheduled")
    edition = Edition.objects.get()
    assert (edition.author, edition.approver) == (dana, dana)


def test_a_date_that_passed_while_it_waited_counts_as_the_moment(make_document, dana):
    page = make_document()
    with time_machine.travel(NOON, tick=False):
        page.go_live_at, page.in_force_from = timezone.now() + timedelta(hours=1), date(2026, 11, 24)
        page.save_revision(user=dana).publish(user=dana)
    with time_machine.travel("2026-11-29T09:00:00Z", tick=False):
        call_command("publish_scheduled")
        assert Edition.objects.get().in_force_from == timezone.now()


@pytest.fixture
def two_steps(dana, lawyer, saule, site_ru):
    """The workflow lawyer, then officer, on every front page."""
    workflow = Workflow.objects.create(name="Two steps")
    for order, person in enumerate((lawyer, saule)):
        group = person.groups.create(name=f"step {order}")
        task = GroupApprovalTask.objects.create(name=f"step {order}")
        task.groups.add(group)
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=order)
    WorkflowPage.objects.filter(page=site_ru.root_page).delete()
    WorkflowPage.objects.create(workflow=workflow, page=site_ru.root_page)
    return workflow


def test_the_panel_says_that_a_workflow_has_the_text_in_hand(make_document, two_steps, dana):
    page = make_document()
    page.save_revision(user=dana)
    assert not state_of(page, dana).waiting
    page.get_workflow().start(page, dana)
    assert state_of(page, dana).waiting


def state_of(page, user):
    (row,) = document_states(user, [page.locale])
    return row.cells[0][1]


def test_a_workflow_ends_in_an_edition_approved_by_its_last_reader(make_document, two_steps, dana, lawyer, saule):
    page = make_document()
    page.save_revision(user=dana)
    two_steps.start(page, dana)
    for person in (lawyer, saule):
        assert not Edition.objects.exists()
        page = LegalDocumentPage.objects.get(pk=page.pk)
        page.current_workflow_task.on_action(page.current_workflow_task_state, person, "approve")
    edition = Edition.objects.get()
    assert (edition.author, edition.approver) == (dana, saule)


def test_publishing_without_saying_what_changed_is_refused_and_nothing_goes_live(make_document, publish, dana):
    page = make_document()
    publish(page)
    with pytest.raises(PublishRefused):
        publish(page, user=dana, clauses=[["Changed."]], change_summary="")
    page.refresh_from_db()
    assert page.editions.count() == 1
    assert "Changed" not in str(page.body)


def test_two_announced_editions_each_have_their_time(make_document, publish):
    page = make_document()
    with time_machine.travel(NOON, tick=False):
        publish(page)
        publish(page, clauses=[["December."]], in_force_from=date(2026, 12, 1))
        publish(page, clauses=[["January."]], in_force_from=date(2027, 1, 1))
        standing = Standing(list(page.editions.all()))
    assert [placed.state for placed in standing.placed] == ["coming", "coming", "in_force"]
    assert standing.coming.number == 2
    assert page.editions.in_force(midnight(date(2026, 12, 1))).number == 2
    assert page.editions.in_force(midnight(date(2027, 1, 1))).number == 3


def test_a_text_approved_by_the_lawyer_alone_does_not_bear_the_lawyers_name(make_document, two_steps, dana, lawyer):
    page = make_document()
    page.save_revision(user=dana)
    two_steps.start(page, dana)
    page = LegalDocumentPage.objects.get(pk=page.pk)
    page.current_workflow_task.on_action(page.current_workflow_task_state, lawyer, "approve")
    page.get_latest_revision().publish(user=dana)
    assert Edition.objects.get().approver == dana


def test_a_text_that_is_not_ready_cannot_be_scheduled_either(make_document, publish, dana):
    page = make_document()
    publish(page)
    draft = LegalDocumentPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    draft.plain_words, draft.go_live_at = "[кому]", timezone.now() + timedelta(hours=1)
    revision = draft.save_revision(user=dana)
    with pytest.raises(PublishRefused):
        revision.publish(user=dana)
    revision.refresh_from_db()
    assert revision.approved_go_live_at is None


def test_a_text_is_sealed_as_material_or_not(make_document, publish):
    page = make_document()
    assert not publish(page).material
    assert publish(page, clauses=[["New."]], material=True).material


def test_title_and_plain_words_are_part_of_what_is_compared(make_document, publish):
    page = make_document()
    old = publish(page, plain_words="We keep little.")
    new = publish(page, title="New title", plain_words="We keep less.")
    assert {change.item["kind"] for change in compare(old, new) if change.kind == "changed"} == {"title", "plain"}

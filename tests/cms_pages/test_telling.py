"""Whoever publishes is told what it came to, whichever way it was published."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from wagtail.models import Workflow

from cms_pages.models import LegalDocumentPage
from cms_pages.publishing import seal_published
from cms_pages.refusals import TellRefusals


def draft_of(page, user, **fields):
    draft = LegalDocumentPage.objects.get(pk=page.pk)
    for name, value in {"plain_words": "New.", "change_summary": "Said in plain words.", **fields}.items():
        setattr(draft, name, value)
    draft.save_revision(user=user)
    return draft


@pytest.fixture
def submit(make_document, publish, dana):
    """Return a function that changes a published document and hands it to the starter's workflow."""

    def act(**fields):
        page = make_document()
        publish(page)
        workflow = Workflow.objects.get(workflow_tasks__task__groupapprovaltask__groups__name="Lawyers")
        workflow.start(draft_of(page, dana, **fields), dana)
        return page

    return act


def approve(client, page):
    state = LegalDocumentPage.objects.get(pk=page.pk).current_workflow_task_state
    url = reverse("wagtailadmin_pages:workflow_action", args=(page.pk, "approve", state.pk))
    return client.post(url, {"comment": ""}, follow=True)


def told(response):
    return " ".join(str(message) for message in response.context["messages"])


def test_the_last_approval_tells_of_the_edition_and_the_first_does_not(submit, lawyer_client, officer_client):
    page = submit()
    assert "privacy (ru)" not in told(approve(lawyer_client, page))
    assert "Редакция 2 документа «privacy (ru)» опубликована" in told(approve(officer_client, page))


def test_the_last_approval_in_the_editor_itself_tells_too(submit, lawyer_client, admin_client):
    from tests.cms_pages.test_editor import posted

    page = submit()
    approve(lawyer_client, page)
    fields = {"change_summary": "New.", "workflow-action-name": "approve", "action-workflow-action": "1"}
    url = reverse("wagtailadmin_pages:edit", args=(page.pk,))
    page = LegalDocumentPage.objects.get(pk=page.pk)
    assert "Редакция 2 документа" in told(admin_client.post(url, posted("Changed.", page, **fields), follow=True))


def test_an_edition_to_come_is_told_with_its_day(submit, lawyer_client, officer_client):
    day = timezone.localdate() + timedelta(days=40)
    page = submit(in_force_from=day)
    approve(lawyer_client, page)
    with translation.override("ru"):
        assert f"вступит в силу {date_format(day)}" in told(approve(officer_client, page))


def test_approving_an_unchanged_text_tells_that_no_edition_was_made(submit, lawyer_client, officer_client):
    page = submit(plain_words="", change_summary="")
    approve(lawyer_client, page)
    assert "После редакции 1 не изменилось ни слова" in told(approve(officer_client, page))
    assert page.editions.count() == 1


def test_publishing_several_at_once_tells_of_each(admin_client, make_document, dana):
    pages = [make_document(slug=slug) for slug in ("privacy", "offer")]
    for page in pages:
        draft_of(page, dana)
    ids = "&".join(f"id={page.pk}" for page in pages)
    url = reverse("wagtail_bulk_action", args=("wagtailcore", "page", "publish"))
    text = told(admin_client.post(f"{url}?{ids}", follow=True))
    assert "«privacy (ru)»" in text and "«offer (ru)»" in text


def test_an_edition_that_was_taken_back_is_not_told(rf, make_document, publish):
    edition = publish(make_document())

    def view(request):
        from cms_pages.telling import note_published

        edition.pk = 0  # as after a rollback
        note_published(edition.page, edition)

    request = rf.post("/admin/")
    TellRefusals(view)(request)
    assert not list(get_messages(request))


def test_outside_of_a_request_nobody_is_told(make_document, publish):
    page = make_document()
    publish(page)
    page = LegalDocumentPage.objects.get(pk=page.pk)
    assert seal_published(page, page.live_revision) is None

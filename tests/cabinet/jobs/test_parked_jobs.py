"""Saule sees which jobs are parked and has one tried again; she never sees for whom it was."""

from __future__ import annotations

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from cabinet.jobs.running import run_due
from tests.cabinet.jobs.sample import note


@pytest.fixture
def parked(db):
    """A job that failed for the last time."""
    note.later("id-of-aigerim")
    row = DBTaskResult.objects.get()
    row.worker_ids = ["one", "two", "three", "four", "five"]
    row.started_at, row.finished_at = timezone.now(), timezone.now()
    row.status, row.exception_class_path = "FAILED", "builtins.OSError"
    row.save()
    return row


def test_the_list_tells_name_tries_and_class_of_the_error_and_never_for_whom(parked, officer_client):
    page = officer_client.get("/admin/jobs/")
    assert "tests.cabinet.jobs.sample.note" in page.text
    assert "OSError" in page.text
    assert "id-of-aigerim" not in page.text
    for kind in ("csv", "xlsx"):
        assert b"id-of-aigerim" not in officer_client.get(f"/admin/jobs/?export={kind}").getvalue()


def test_a_job_that_is_not_parked_is_not_shown(db, officer_client):
    note.later(1)
    assert "sample.note" not in officer_client.get("/admin/jobs/").text


def test_she_has_it_tried_again(parked, officer_client, slate):
    page = officer_client.get("/admin/jobs/").text
    assert f'action="/admin/jobs/again/{parked.pk}/"' in page
    assert "csrfmiddlewaretoken" in page
    assert officer_client.post(f"/admin/jobs/again/{parked.pk}/").status_code == 302
    assert run_due() == 1
    assert slate == ["id-of-aigerim"]
    assert officer_client.post(f"/admin/jobs/again/{parked.pk}/").status_code == 404


def test_the_first_page_warns_of_it(parked, officer_client, editor_client):
    assert "parked-jobs" in officer_client.get("/admin/").text
    assert "parked-jobs" not in editor_client.get("/admin/").text

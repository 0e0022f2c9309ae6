"""A page is rendered once on a machine, by whoever publishes where that can be (decision 23, p3)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.utils import timezone

from cms_pages import page_cache, release
from cms_pages.last_good import LastGood
from cms_pages.models import LegalDocumentPage, PublicVersion
from cms_pages.page_cache import PageCache
from cms_pages.page_store import beside_requests
from tests.cms_pages.asking import Counted, Page, ask

BROWSER = "gzip, deflate, br, zstd"

pytestmark = pytest.mark.usefixtures("open_connection")


@pytest.fixture
def make_worker(settings, tmp_path, clock):
    """Return a function that makes another worker of this machine, before Django or what the test gives it."""
    settings.PAGE_CACHE_DIR = tmp_path / "pages"

    def make(application=None, **options):
        return PageCache(application or Counted(WSGIHandler()), clock=clock, **options)

    return make


@pytest.fixture
def policy(make_document, publish):
    page = make_document(clauses=[["We keep your name."]])
    publish(page)
    return page


@pytest.fixture
def republish(policy, publish, clock, django_capture_on_commit_callbacks):
    """Return a function that publishes another text and lets a second pass."""

    def act():
        with django_capture_on_commit_callbacks(execute=True):
            publish(policy, clauses=[["We keep your phone."]])
        clock.now += 1.0

    return act


def test_what_one_worker_rendered_another_takes(make_worker, policy):
    first, second = make_worker(), make_worker()
    assert ask(first, accept_encoding=BROWSER).body == ask(second, accept_encoding=BROWSER).body
    assert not second.application.requests


def test_who_publishes_makes_the_page_ready_for_every_worker(make_worker, republish, django_assert_num_queries):
    publisher, other = make_worker(), make_worker()
    page_cache.public_pages_changed.disconnect(other.published_here)  # it is another process
    ask(publisher), ask(other)
    republish()
    reached = len(other.application.requests)
    with django_assert_num_queries(3):  # the look at the version, and two
        assert "We keep your phone." in ask(other).body.decode()
    assert len(other.application.requests) == reached


def test_a_reader_who_comes_first_has_the_page_rendered_with_as_few_queries(
    make_worker, policy, publish, clock, django_assert_num_queries
):
    worker = make_worker()
    ask(worker)
    publish(policy, clauses=[["We keep your phone."]])
    clock.now += 1.0
    with django_assert_num_queries(3):
        assert "We keep your phone." in ask(worker).body.decode()
    assert len(worker.application.requests) == 2


def test_a_page_that_was_left_as_it_was_is_not_rendered(make_worker, policy, clock, django_assert_num_queries):
    worker = make_worker()
    before = ask(worker)
    page_cache.public_pages_changed.disconnect(worker.published_here)
    PublicVersion.raise_row(1)
    clock.now += 1.0
    with django_assert_num_queries(3):
        assert ask(worker).body == before.body
    assert len(worker.application.requests) == 1


def test_the_schedule_makes_its_pages_ready(make_worker, policy, make_document, clock):
    worker = make_worker()
    ask(worker)
    draft = LegalDocumentPage.objects.get(pk=policy.pk)
    draft.plain_words, draft.change_summary = "We keep little.", "We keep less."
    revision = draft.save_revision()
    revision.approved_go_live_at = timezone.now() - timedelta(seconds=1)
    revision.save()
    call_command("publish_scheduled")
    clock.now += 1.0
    assert "We keep little." in ask(worker).body.decode()
    assert len(worker.application.requests) == 1


def test_a_page_of_another_release_is_rendered_anew(make_worker, policy, monkeypatch):
    ask(make_worker())
    monkeypatch.setattr("cms_pages.public.release", lambda: "another")
    worker = make_worker()
    ask(worker)
    assert len(worker.application.requests) == 1


def test_what_the_database_does_not_say_is_not_taken_from_the_disk(make_worker, policy, publish, clock):
    first, second = make_worker(), make_worker()
    ask(first)
    version = PublicVersion.now()
    publish(policy, clauses=[["We keep your phone."]])
    PublicVersion.objects.filter(pk=1).update(number=version[0])  # as if a backup had been restored
    assert "We keep your phone." in ask(second).body.decode()


def test_nothing_of_a_publication_hangs_on_making_ready(make_worker, policy, republish, monkeypatch, caplog):
    worker = make_worker()
    ask(worker)

    def fail(key):
        raise OSError("disk full")

    monkeypatch.setattr(worker, "bring_up_to_date", fail)
    republish()
    assert policy.editions.count() == 2
    assert "pages.not_made_ready" in caplog.text
    assert "We keep your phone." in ask(worker).body.decode()


def test_making_ready_forgets_what_is_public_no_longer(make_worker, monkeypatch):
    monkeypatch.setattr(page_cache, "read_version", lambda: (1, 1))
    page = Page()
    worker = make_worker(page)
    ask(worker)
    page.headers = [("Content-Type", "text/html"), ("Cache-Control", "private, no-store")]
    worker.pages.clear()
    worker.make_ready()
    assert not list(worker.last_good)


def test_making_ready_takes_only_so_long(make_worker, monkeypatch, clock):
    monkeypatch.setattr(page_cache, "read_version", lambda: (1, 1))
    page = Page()
    worker = make_worker(page)
    for number in range(3):
        ask(worker, f"/{number}/")
    worker.pages.clear()
    monkeypatch.setattr(worker, "bring_up_to_date", lambda key: setattr(clock, "now", clock.now + 4))
    worker.make_ready()
    assert clock.now == 1008


def test_a_torn_compressed_copy_is_no_page(make_worker, policy, tmp_path):
    ask(make_worker())
    (file,) = (tmp_path / "pages").iterdir()
    stored = file.read_bytes()
    file.write_bytes(stored[:-20] + bytes(20))
    worker = make_worker()
    ask(worker)
    assert len(worker.application.requests) == 1


def test_a_damaged_file_does_not_stop_the_others(make_worker, policy, tmp_path):
    worker = make_worker()
    ask(worker)
    (tmp_path / "pages" / "damaged").write_bytes(b"\x00no page")
    assert [key[3] for key in LastGood(tmp_path / "pages", 1 << 20)] == ["/ru/privacy/"]


def test_the_folder_is_ours_alone(make_worker, policy, tmp_path):
    ask(make_worker())
    assert (tmp_path / "pages").stat().st_mode & 0o777 == 0o700


def test_a_server_writes_beside_its_requests(make_worker, monkeypatch):
    monkeypatch.setattr(page_cache, "read_version", lambda: (1, 1))
    later = beside_requests()
    worker = make_worker(Page(), later=later)
    ask(worker)
    later(int).result()
    assert len(list(worker.last_good)) == 1


def test_processes_of_one_release_know_each_other(settings):
    first = release.release.__wrapped__()
    assert first == release.release.__wrapped__()
    settings.SITE_URL = "https://another.example"
    assert release.release.__wrapped__() != first

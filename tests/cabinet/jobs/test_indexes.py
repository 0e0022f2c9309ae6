"""Wagtail's indexes: where a row is in use and how it is found is known when the row is committed."""

from __future__ import annotations

import contextlib
import threading

import pytest
from django.db import OperationalError, connection, transaction
from django_tasks_db.models import DBTaskResult
from wagtail.models import ReferenceIndex

from cabinet.jobs.queue import Indexing
from cms_pages.models import LegalDocumentPage
from tests.cabinet.jobs.sample import note

PATIENCE = 20  # seconds


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """A function that opens what stands for a transaction; what waits for the commit is done at its end."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def found(words):
    return list(LegalDocumentPage.objects.search(words))


def test_what_editors_write_is_found_and_known_to_be_in_use(committed, make_document, publish):
    with committed():
        policy = make_document()
        offer = make_document(slug="offer", title="Offer of jars")
        link = f'<p>See <a linktype="page" id="{policy.pk}">the policy</a>.</p>'
        publish(offer, clauses=[[link]])
        assert not found("Offer")
    assert [page.pk for page in found("Offer")] == [offer.pk]
    assert [usage[0].pk for usage in ReferenceIndex.get_grouped_references_to(policy)] == [offer.pk]
    assert not DBTaskResult.objects.exists()


def test_a_row_that_is_saved_again_and_again_is_indexed_once(committed, make_document, publish):
    with committed() as waiting:
        policy = make_document(title="Policy of jars")
        publish(policy)
        publish(policy, title="Policy of crates")
    asked = [hook for hook in waiting if isinstance(hook, Indexing) and hook.pk == str(policy.pk)]
    assert len(asked) == len({(hook.task.name, hook.model_name) for hook in asked}) > 1
    assert found("crates") and not found("jars")


def test_what_was_undone_waits_for_no_index_and_what_is_saved_after_it_does(committed, make_document):
    class Undone(Exception):
        pass

    with committed() as waiting:
        with contextlib.suppress(Undone), transaction.atomic():
            make_document(title="Policy of jars")
            raise Undone
        assert not any(isinstance(hook, Indexing) for _savepoints, hook, *_rest in connection.run_on_commit)
        make_document(title="Policy of sacks")
    assert any(isinstance(hook, Indexing) for hook in waiting)
    assert found("sacks") and not found("jars")


def test_a_row_that_is_gone_before_the_commit_is_indexed_nowhere(committed, make_document, caplog):
    with committed():
        page = make_document(slug="offer", title="Offer of jars")
        page.delete()
    assert not found("Offer") and not caplog.records


def test_an_index_that_fails_is_told_and_undoes_nothing(committed, make_document, monkeypatch, caplog):
    def fail(indexing):
        raise OperationalError("gone")

    monkeypatch.setattr(Indexing, "_index", fail)
    done = []
    with committed():
        page = make_document(slug="offer", title="Offer of jars")
        transaction.on_commit(lambda: done.append(page.pk))
    assert done == [page.pk] and LegalDocumentPage.objects.filter(pk=page.pk).exists()
    assert {record.message for record in caplog.records} == {"index.failed"} and "jars" not in caplog.text


def test_of_two_who_save_at_once_the_later_words_are_indexed_last(committed_db, make_document, monkeypatch):
    page, indexing, saved = make_document(slug="offer", title="Offer of jars"), threading.Event(), threading.Event()
    here, overtaken = type(note.get_backend().here), []
    enqueue = here.enqueue

    def save_later():
        assert indexing.wait(PATIENCE)
        later = LegalDocumentPage.objects.get(pk=page.pk)
        later.title = "Offer of crates"
        later.save()
        saved.set()
        connection.close()

    def index_slowly(*args):
        if threading.current_thread() is threading.main_thread():
            indexing.set()
            overtaken.append(saved.wait(0.3))  # no: the row is locked
        return enqueue(*args)

    monkeypatch.setattr(here, "enqueue", index_slowly)
    other = threading.Thread(target=save_later)
    other.start()
    page.title = "Offer of sacks"
    page.save()
    other.join(PATIENCE)
    assert overtaken and not any(overtaken) and saved.is_set()
    assert found("crates") and not found("sacks")


def test_outside_a_transaction_it_is_indexed_where_it_is_saved(committed_db, make_document):
    page = make_document(slug="offer", title="Offer of jars")
    assert [one.pk for one in found("Offer")] == [page.pk]

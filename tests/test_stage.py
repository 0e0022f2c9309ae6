"""The stage itself: what tests stand on is what it claims to be."""

from __future__ import annotations

import threading
import types

import pytest
from django.contrib.auth import get_user_model
from django.db import DatabaseError, connection

from cms_pages.models import Edition
from tests.databases import ROOT
from tests.scheduling import SECONDS, pytest_collection_modifyitems


def test_publishing_seals_an_edition(make_document, publish, dana):
    edition = publish(make_document(clauses=[["We keep your name."]]), user=dana)
    assert (edition.number, edition.author) == (1, dana)
    assert "We keep your name." in edition.canonical_text


def test_clauses_keep_their_ids_by_place_and_by_name(make_document, publish):
    page = make_document(clauses=[["One", ("phones", "Two")]])
    first = publish(page)
    second = publish(page, clauses=[[("phones", "Two"), "Other"]])
    assert first.clauses[3]["id"] == second.clauses[2]["id"]


def test_documents_of_one_slug_are_translations(make_document):
    assert make_document().translation_key == make_document("kk").translation_key


def test_the_editor_enters_the_admin(editor_client):
    assert editor_client.get("/admin/").status_code == 200


@pytest.mark.parametrize("time", ["first", "again"])
def test_committed_rows_are_seen_by_threads_and_gone_afterwards(committed_db, make_document, publish, time):
    assert Edition.objects.count() == 0
    publish(make_document())
    seen = []
    thread = threading.Thread(target=lambda: (seen.append(Edition.objects.count()), connection.close()))
    thread.start()
    thread.join()
    assert seen == [1]


def test_nothing_is_left_of_committing_tests(db):
    assert Edition.objects.count() == get_user_model().objects.count() == 0


def test_sealed_rows_stand_in_committing_tests(committed_db, make_document, publish):
    publish(make_document())
    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute("DELETE FROM cms_pages_edition")


def test_what_takes_long_is_there_and_begins_first():
    assert [path for path in SECONDS if not (ROOT / path).exists()] == []
    names = ["tests/test_a.py::test_it", "tests/browser/test_embeds.py::test_it[a/b.py::c]", "tests/test_a.py::test_b"]
    items = [types.SimpleNamespace(nodeid=name) for name in names]
    pytest_collection_modifyitems(items)
    assert [item.nodeid for item in items] == [names[1], names[0], names[2]]


def test_what_needs_the_running_site_must_be_named():
    item = types.SimpleNamespace(nodeid="tests/test_a.py::test_it", fixturenames=["running_site"])
    with pytest.raises(pytest.UsageError, match="name its file"):
        pytest_collection_modifyitems([item])

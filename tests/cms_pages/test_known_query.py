"""What a first rendering need not do again: word a query."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import UTC

import pytest
from wagtail.models import Page

from cms_pages import shelf
from cms_pages.known_query import REMEMBERED, KnownQuery, asked_once
from cms_pages.models import Edition


@pytest.fixture
def edition(make_document, publish):
    return publish(make_document())


def test_a_known_query_returns_what_the_queryset_returns(edition):
    def build(path):
        return Edition.objects.filter(page__url_path=path).values("number", "outline", "in_force_from", "page__slug")

    path = edition.page.url_path
    asked = KnownQuery(build)
    assert asked(path) == asked(path) == list(build(path))
    assert asked(path)[0]["in_force_from"].tzinfo == UTC


def test_a_known_query_is_worded_once_and_asked_each_time(edition, django_assert_num_queries):
    worded = []

    def build(pk):
        worded.append(pk)
        return Page.objects.filter(pk=pk).values("title")

    asked = KnownQuery(build)
    with django_assert_num_queries(2):
        assert asked(edition.page_id) == asked(edition.page_id) == [{"title": edition.title}]
    assert worded == [edition.page_id]


def test_a_query_that_can_find_nothing_is_not_asked(django_assert_num_queries, db):
    with django_assert_num_queries(0):
        assert KnownQuery(lambda: Page.objects.none().values("title"))() == []


def test_known_queries_are_bounded(db):
    asked = KnownQuery(lambda pk: Page.objects.filter(pk=pk).values("pk"))
    for pk in range(REMEMBERED + 10):
        asked(pk)
    assert len(asked.plans) == REMEMBERED


def test_within_a_block_the_same_is_asked_once(edition, django_assert_num_queries):
    asked = KnownQuery(lambda pk: Page.objects.filter(pk=pk).values("title"))
    with django_assert_num_queries(2), asked_once():
        assert asked(edition.page_id) == asked(edition.page_id)
        assert asked(0) == []
    with django_assert_num_queries(1):
        asked(edition.page_id)


def test_one_column_comes_in_pythons_own_types(edition):
    rows = KnownQuery(lambda: Edition.objects.values("number", "in_force_from")).rows()
    assert rows.column("in_force_from") == [edition.in_force_from]
    assert rows.column("number") == [1]


@pytest.fixture
def read(monkeypatch):
    """Of each answer about editions, in which rows their text stands."""
    monkeypatch.setattr(shelf, "_at_hand", {})
    found = []
    ask = KnownQuery._ask

    def asking(query, arguments):
        rows = ask(query, arguments)
        if query is shelf._rows:
            found.append([row[-1] is not None for row in rows.raw])
        return rows

    monkeypatch.setattr(KnownQuery, "_ask", asking)
    return found


@pytest.mark.parametrize("around", [nullcontext, asked_once])
def test_the_text_in_force_is_read_once_until_another_is(edition, publish, client, read, around):
    def shown():
        with around():
            return [client.get("/ru/privacy/").content.decode() for _time in range(2)]

    assert all("We keep your name." in page for page in (*shown(), *shown()))
    publish(edition.page, clauses=[["We keep your phone."]])
    assert all("We keep your phone." in page for page in (*shown(), *shown()))
    asked = 4 if around is nullcontext else 2
    assert read == [[True], *[[False]] * (asked - 1), [True, False], *[[False, False]] * (asked - 1)]


def test_another_edition_of_the_same_key_is_not_taken_for_it(edition, client, read):
    client.get("/ru/privacy/")
    ((path, row),) = shelf._at_hand.items()
    place = shelf.OWN.index("published_at")
    shelf._at_hand[path] = (*row[:place], "As it was before a restore.", *row[place + 1 : -2], "<p>Stale.</p>", row[-1])
    assert "Stale." not in client.get("/ru/privacy/").content.decode()
    client.get("/ru/privacy/")
    assert read == [[True], [False], [True]]


def test_few_texts_are_at_hand(monkeypatch):
    monkeypatch.setattr(shelf, "_at_hand", {})
    for place in range(shelf.AT_HAND + 3):
        shelf._remember(f"/{place}/", ("row",))
    assert len(shelf._at_hand) == shelf.AT_HAND

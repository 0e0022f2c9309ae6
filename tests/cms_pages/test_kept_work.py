"""What a first rendering need not do again: word a query, render a part that shows the same."""

from __future__ import annotations

from datetime import UTC

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.utils.translation import override
from wagtail.models import Page

from cms_pages.known_query import REMEMBERED, KnownQuery
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


def test_a_kept_part_is_rendered_again_for_another_key_and_another_language():
    part = Template("{% load kept_parts i18n %}{% kept key %}{{ shown }}{% endkept %}")

    def render(key, shown):
        return part.render(Context({"key": key, "shown": shown}))

    assert (render("a", "first"), render("a", "second"), render("b", "third")) == ("first", "first", "third")
    with override("kk"):
        assert render("a", "fourth") == "fourth"


def test_a_kept_part_is_escaped_as_any_other():
    part = Template("{% load kept_parts %}{% kept key %}{{ shown }}{% endkept %}")
    assert part.render(Context({"key": 1, "shown": "<script>"})) == "&lt;script&gt;"


def test_a_block_cannot_stand_inside_a_kept_part():
    with pytest.raises(TemplateSyntaxError):
        Template("{% load kept_parts %}{% kept %}{% block words %}{% endblock %}{% endkept %}")

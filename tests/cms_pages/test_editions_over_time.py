"""What visitors see of a document while it changes: what is coming, what was carried elsewhere, who is in step."""

from __future__ import annotations

from datetime import date, timedelta

import time_machine
from django.utils import timezone

from tests.documents import anchor

NOON = "2026-11-23T07:00:00Z"


def test_a_coming_edition_is_announced_and_takes_over_by_itself(visitor, make_document, publish):
    page = make_document(clauses=[["Today."]])
    with time_machine.travel(NOON, tick=False):
        publish(page)
        publish(page, clauses=[["Tomorrow."]], in_force_from=date(2026, 12, 1), change_summary="All will be new.")
        text = visitor.get("/ru/privacy/").text
        assert "Today." in text and "Tomorrow." not in text and "All will be new." in text
    with time_machine.travel("2026-11-30T19:00:01Z", tick=False):
        assert "Tomorrow." in visitor.get("/ru/privacy/").text


def test_the_page_cache_is_told_when_the_next_edition_begins(visitor, make_document, publish):
    page = make_document()
    with time_machine.travel("2026-11-30T18:50:00Z", tick=False):
        publish(page)
        publish(page, clauses=[["Tomorrow."]], in_force_from=date(2026, 12, 1))
        assert visitor.get("/ru/privacy/").headers["Kelisim-Cache-Control"] == "max-age=600"


def test_a_clause_keeps_its_link_when_it_is_reworded_and_carried_elsewhere(visitor, make_document, publish):
    page = make_document(clauses=[[("a", "First."), ("b", "Second.")], [("c", "Third.")]])
    publish(page)
    before = anchor(page, "First.")
    publish(page, clauses=[[("b", "Second.")], [("c", "Third."), ("a", "First, in other words.")]])
    assert visitor.get(f"/ru/privacy/clauses/{before}/").headers["Location"] == f"/ru/privacy/#{before}"
    assert f'id="{before}"' in visitor.get("/ru/privacy/").text


def test_a_slip_mended_in_one_language_leaves_the_others_in_step(visitor, make_document, publish):
    ru, kk = make_document("ru"), make_document("kk")
    publish(ru)
    publish(kk)
    publish(ru, clauses=[["We keep your names."]], only_this_language=True)
    assert not visitor.get("/kk/privacy/").context["behind"]


def test_an_announced_title_and_summary_do_not_show_before_their_day(visitor, make_document, publish):
    page = make_document(title="Old title")
    publish(page, plain_words="Old words.")
    publish(page, title="New title", plain_words="New words.", in_force_from=timezone.localdate() + timedelta(days=9))
    for path in ("/ru/privacy/", "/ru/privacy/editions/1/", "/ru/"):
        text = visitor.get(path).text
        assert "New title" not in text and "New words." not in text, path

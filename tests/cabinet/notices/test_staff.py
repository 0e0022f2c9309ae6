"""Letters in Wagtail's admin: masked, to be decided about, and shown with sample data."""

from __future__ import annotations

import csv
import io

import pytest
from django.urls import reverse

from cabinet.notices import delivery
from cabinet.notices.delivery import deliver_due
from cabinet.notices.kinds import kinds
from cabinet.notices.models import State
from cabinet.notices.posting import post
from tests.databases import ROOT

KIND = "account/email/password_changed"
LIST = "/admin/letters/"


@pytest.fixture
def letter(site_ru, aigerim):
    return post(KIND, to=aigerim.email, language="ru", account=aigerim)


@pytest.fixture
def dead(letter, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(delivery, "send", refuse)
        deliver_due()
    return letter


def refuse(letter):
    raise ValueError


def test_s19_the_list_shows_no_address(dead, officer_client):
    page = officer_client.get(LIST).content.decode()
    assert "a•••@c•••.example" in page and "ValueError" in page
    assert "aigerim@" not in page


@pytest.mark.parametrize(("state", "found"), [("dead", True), ("sent", False)])
def test_letters_are_narrowed_down_by_state(dead, officer_client, state, found):
    assert ("a•••@" in officer_client.get(f"{LIST}?state={state}").content.decode()) is found


@pytest.mark.parametrize("wanted", ["", "&state=dead"])
def test_s06_the_export_holds_no_address(dead, officer_client, wanted):
    answer = officer_client.get(f"{LIST}?export=csv{wanted}")
    [heads, row] = csv.reader(io.StringIO(b"".join(answer.streaming_content).decode()))
    assert KIND in row and len(heads) == len(row)
    assert "@" not in "".join(row) and "•" not in "".join(row)


def test_the_number_of_queries_does_not_grow_with_the_letters(
    letter, officer_client, aigerim, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    officer_client.get(LIST)
    with CaptureQueriesContext(connection) as few:
        officer_client.get(LIST)
    for _each in range(10):
        post(KIND, to=aigerim.email, language="kk", account=aigerim)
    with django_assert_num_queries(len(few)):
        officer_client.get(LIST)


def test_an_officer_sends_a_dead_letter_again(dead, officer_client, delivered):
    assert officer_client.post(f"{LIST}again/{dead.pk}/").status_code == 302
    assert len(delivered()) == 1


def test_s07_the_buttons_bring_their_token(dead, officer_client):
    page = officer_client.get(LIST).text
    assert page.count("csrfmiddlewaretoken") == page.count('class="letter-decision"') == 2


def test_an_officer_gives_a_dead_letter_up(dead, officer_client):
    officer_client.post(f"{LIST}give-up/{dead.pk}/")
    dead.refresh_from_db()
    assert (dead.state, dead.sealed) == (State.CANCELLED, "")


@pytest.mark.parametrize("deed", ["again", "give-up"])
def test_s07_nothing_is_decided_by_opening_an_address(dead, officer_client, deed):
    assert officer_client.get(f"{LIST}{deed}/{dead.pk}/").status_code == 405
    dead.refresh_from_db()
    assert dead.state == State.DEAD


@pytest.mark.parametrize("deed", ["again", "give-up"])
def test_an_editor_decides_about_no_letter(dead, editor_client, deed):
    editor_client.post(f"{LIST}{deed}/{dead.pk}/")
    dead.refresh_from_db()
    assert dead.state == State.DEAD


def test_a_letter_that_is_not_dead_is_not_sent_twice(letter, officer_client, delivered):
    delivered()
    officer_client.post(f"{LIST}again/{letter.pk}/")
    assert len(delivered()) == 1


def test_dead_letters_are_told_of_on_the_first_page_to_officers_alone(dead, officer_client, editor_client):
    assert "?state=dead" in officer_client.get("/admin/").content.decode()
    assert "?state=dead" not in editor_client.get("/admin/").content.decode()


def test_without_dead_letters_the_first_page_is_silent(letter, officer_client):
    assert "?state=dead" not in officer_client.get("/admin/").content.decode()


def test_every_letter_there_is_can_be_looked_at():
    files = (ROOT / "site" / "templates").rglob("*_subject.txt")
    there = {str(path.relative_to(ROOT / "site" / "templates")).removesuffix("_subject.txt") for path in files}
    assert there == set(kinds)


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
@pytest.mark.parametrize("template", sorted(kinds))
def test_each_kind_is_whole_in_each_language(db, template, language):
    written = kinds[template].written(language)
    assert written.subject and len(written.text) > 60
    assert not {"{{", "{%", "&#x27;", "None"} & set(written.text.split())
    assert written.html.count("letter__button") <= 3  # the style's two and one button


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_an_editor_sees_a_kind_with_sample_data(site_ru, editor_client, language):
    template = "account/email/password_reset_key"
    subject = kinds[template].subject(language)
    assert reverse("letters:preview", args=(language, template)) in editor_client.get(f"{LIST}kinds/").content.decode()
    page = editor_client.get(reverse("letters:preview", args=(language, template)))
    assert subject in page.content.decode()
    framed = editor_client.get(reverse("letters:preview_html", args=(language, template)))
    assert subject in framed.content.decode()
    policy = framed.headers["Content-Security-Policy"]
    assert "'sha256-" in policy and "frame-ancestors 'self'" in policy and "unsafe-inline" not in policy


@pytest.mark.parametrize("address", ["xx/account/email/password_reset_key", "ru/account/email/none", "ru/base"])
def test_a_kind_that_is_none_is_not_found(site_ru, editor_client, address):
    assert editor_client.get(f"{LIST}kinds/{address}/").status_code == 404

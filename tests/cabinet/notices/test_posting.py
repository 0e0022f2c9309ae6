"""Posting a letter: what is kept, in which language, and what is refused (trust.md, s05, s14)."""

from __future__ import annotations

import pytest
from cryptography.fernet import InvalidToken
from django.core.mail import BadHeaderError, send_mail
from django.db import connection, transaction

from cabinet.notices.models import Letter, State
from cabinet.notices.posting import post
from cabinet.notices.writing import parts_of

KIND, RESET = "account/email/password_changed", "account/email/password_reset_key"
AIGERIM = "aigerim@customer.example"
LINK = "http://127.0.0.1:8000/ru/accounts/password/reset/key/a-secret-of-one-use/"


def post_reset(**more):
    return post(RESET, to=AIGERIM, language="ru", context={"password_reset_url": LINK}, **more)


def test_a_letter_comes_as_text_and_html_from_one_source(db, delivered):
    post_reset()
    [message] = delivered()
    html, kind = message.alternatives[0]
    assert kind == "text/html"
    assert LINK in message.body and f'href="{LINK}"' in html
    assert "<img" not in html and "http" not in html.replace("http://127.0.0.1:8000", "")


@pytest.mark.parametrize(
    ("language", "subject"),
    [("ru", "Пароль изменён"), ("kk", "Құпиясөзіңіз өзгертілді"), ("en", "Your password was changed")],
)
def test_a_letter_speaks_the_persons_language(db, delivered, language, subject):
    post(KIND, to=AIGERIM, language=language)
    [message] = delivered()
    assert message.subject == subject
    assert f'<html lang="{language}">' in message.alternatives[0][0]


def test_nothing_personal_stands_in_a_subject(db, delivered):
    post(
        "account/email/email_changed", to=AIGERIM, language="ru", context={"from_email": "b@c.kz", "to_email": AIGERIM}
    )
    [message] = delivered()
    assert "@" not in message.subject


def test_a_letter_waits_until_the_commit_and_goes_with_a_rollback(db):
    with pytest.raises(RuntimeError), transaction.atomic():
        post_reset()
        raise RuntimeError
    assert not Letter.objects.exists()


def test_after_the_commit_the_postman_is_poked(db, monkeypatch, django_capture_on_commit_callbacks):
    poked = []
    monkeypatch.setattr("cabinet.notices.posting.poke", lambda: poked.append(1))
    with django_capture_on_commit_callbacks(execute=True):
        post_reset()
        assert poked == []
    assert poked == [1]


def test_s14_no_link_of_a_waiting_letter_can_be_read_in_the_database(db):
    letter = post_reset()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM notices_letter")
        row = str(cursor.fetchall())
    assert "a-secret-of-one-use" not in row
    assert "a-secret-of-one-use" in letter.written.text


def test_s14_a_key_that_was_replaced_still_opens_while_it_is_named(db, settings, delivered):
    post_reset()
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key of this site, sixty letters long, made by nobody"
    assert len(delivered()) == 1


def test_s14_under_another_key_a_letter_is_dead_and_says_why(db, settings, delivered):
    letter = post_reset()
    settings.SECRET_KEY = "another key of this site, sixty letters long, made by nobody"
    assert delivered() == []
    letter.refresh_from_db()
    assert (letter.state, letter.last_error) == (State.DEAD, "InvalidToken")
    with pytest.raises(InvalidToken):
        letter.written  # noqa: B018


@pytest.mark.parametrize(
    "address",
    [
        f"{AIGERIM}\nBcc: everybody@evil.example",
        f"{AIGERIM}\r\nSubject: x",
        f"{AIGERIM}, boris@customer.example",
        f"Aigerim <{AIGERIM}>",
        "",
        "aigerim",
    ],
)
def test_no_address_writes_into_other_headers_or_to_other_people(db, address):
    with pytest.raises(BadHeaderError):
        post(KIND, to=address, language="ru")
    assert not Letter.objects.exists()


@pytest.mark.parametrize("line_end", ["\n", "\r", "\r\n", "\u2028", "\x85", "\x0b"])
def test_no_subject_has_a_second_line(db, line_end):
    with pytest.raises(BadHeaderError):
        send_mail(f"News{line_end}Bcc: everybody@evil.example", "text", None, [AIGERIM])
    assert not Letter.objects.exists()


@pytest.fixture(autouse=True)
def through_the_outbox(settings):
    settings.EMAIL_BACKEND = "cabinet.notices.backend.Outbox"


def test_what_django_and_wagtail_send_waits_in_the_outbox_too(db, delivered):
    send_mail("Moderation", "A page waits for you.", None, [AIGERIM, "boris@customer.example"], html_message="<p>x</p>")
    assert Letter.objects.filter(state=State.WAITING, template="other").count() == 2
    assert [message.to for message in delivered()] == [[AIGERIM], ["boris@customer.example"]]


HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'


def test_s05_hostile_text_is_inert_in_a_letter(db, delivered):
    post("account/email/email_deleted", to=AIGERIM, language="ru", context={"deleted_email": HOSTILE})
    [message] = delivered()
    assert HOSTILE in message.body
    assert "<script" not in message.alternatives[0][0] and "<img" not in message.alternatives[0][0]


def test_s05_only_our_own_addresses_can_be_pressed():
    text = f"Hello\nhttps://evil.example/\nhttp://127.0.0.1:8000.evil.example/\n\n{LINK}\n\n{LINK}2"
    assert [part.url for part in parts_of(text) if part.url] == [LINK, f"{LINK}2"]
    assert [part.is_button for part in parts_of(text)] == [False, True, False]


def test_s20_a_letter_is_called_by_its_number_and_logged_without_the_address(db):
    letter = post_reset()
    assert str(letter) == letter.public_id
    assert "aigerim" not in f"{letter!r}{letter.masked_recipient}"
    assert "127.0.0.1" in letter.message_id and "aigerim" not in letter.message_id

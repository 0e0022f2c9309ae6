"""What remains of a letter: its words go when it is sent, its row a month later, all of it with the account."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from cabinet.notices import delivery, wanted
from cabinet.notices.delivery import deliver_due, forget_old, give_up, send_again
from cabinet.notices.models import Letter, State
from cabinet.notices.posting import post

KIND = "account/email/password_changed"
NEWS, WAY_OUT = "news.prices", "https://shop.example/letters/out/Ab12/"


@pytest.fixture
def letter(aigerim):
    return post(KIND, to=aigerim.email, language="ru", account=aigerim)


@pytest.fixture
def refused(monkeypatch):
    """A mail server that fails over every letter, repeating whom it was for."""

    def refuse(letter):
        raise ValueError(f"no such mailbox: {letter.recipient}")

    monkeypatch.setattr(delivery, "send", refuse)


def test_the_words_go_when_the_letter_is_sent(letter, delivered):
    delivered()
    letter.refresh_from_db()
    assert (letter.state, letter.sealed, letter.written) == (State.SENT, "", None)
    assert letter.settled_at and letter.template == KIND


def test_an_address_of_nobodys_account_goes_too(letter, delivered):
    stranger = post(KIND, to="nobody@customer.example", language="ru")
    delivered()
    letter.refresh_from_db()
    stranger.refresh_from_db()
    assert (letter.recipient, stranger.recipient) == ("aigerim@customer.example", "")


def test_a_sent_letter_is_forgotten_after_a_month(letter, delivered, settings):
    delivered()
    assert forget_old() == 0
    with time_machine.travel(timezone.now() + settings.LETTER_LIFETIME + timedelta(seconds=1)):
        assert forget_old() == 1


def test_a_waiting_letter_is_never_forgotten(letter):
    with time_machine.travel(timezone.now() + timedelta(days=400)):
        assert forget_old() == 0


def test_letters_go_with_the_account(letter, aigerim):
    aigerim.delete()
    assert not Letter.objects.exists()


def test_s20_neither_error_nor_log_repeats_the_address(letter, refused, caplog):
    with caplog.at_level(logging.DEBUG):
        deliver_due()
    letter.refresh_from_db()
    assert letter.last_error == "ValueError"
    assert letter.public_id in str([vars(record) for record in caplog.records])
    assert "aigerim" not in caplog.text + str([vars(record) for record in caplog.records if "exc_info" in vars(record)])


def test_a_dead_letter_can_be_sent_again(letter, refused, monkeypatch, delivered):
    deliver_due()
    monkeypatch.undo()
    assert send_again(letter) is True
    assert send_again(letter) is False
    assert len(delivered()) == 1


def test_a_letter_given_up_keeps_no_words(letter, refused):
    assert give_up(letter) is False
    deliver_due()
    assert give_up(letter) is True
    letter.refresh_from_db()
    assert (letter.state, letter.sealed) == (State.CANCELLED, "")


def test_the_command_says_what_it_did(letter, capsys):
    call_command("send_letters")
    assert capsys.readouterr().out == "Sent: 1, waiting: 0, given up: 0, no longer wanted: 0, forgotten: 0\n"
    call_command("send_letters")
    assert capsys.readouterr().out.startswith("Sent: 0, waiting: 0")


# Marketing ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def asked(monkeypatch):
    """Have nobody asked yet; a test registers who is."""
    monkeypatch.setattr(wanted, "checks", [])
    return wanted.decides


@pytest.fixture
def news(aigerim):
    return post(KIND, to=aigerim.email, language="en", account=aigerim, topic=NEWS, unsubscribe_url=WAY_OUT)


def test_marketing_is_left_by_one_click(asked, news, delivered):
    asked(lambda account_pk, topic: True)
    [message] = delivered()
    assert message.extra_headers["List-Unsubscribe"] == f"<{WAY_OUT}>"
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert WAY_OUT in message.body


def test_a_letter_of_service_has_no_such_header(letter, delivered):
    [message] = delivered()
    assert "List-Unsubscribe" not in message.extra_headers and message.extra_headers["Auto-Submitted"]


def test_the_ledger_is_asked_at_the_moment_of_sending(asked, news, aigerim, delivered):
    heard = []
    asked(lambda account_pk, topic: heard.append((account_pk, topic)))
    assert delivered() == []
    assert heard == [(aigerim.pk, NEWS)]
    assert (Letter.objects.get().state, Letter.objects.get().sealed) == (State.CANCELLED, "")


def test_s23_without_anybody_to_ask_marketing_is_not_sent(asked, news, delivered):
    assert delivered() == []
    assert Letter.objects.get().state == State.CANCELLED


def test_s23_when_the_ledger_fails_marketing_is_not_sent(asked, news, delivered):
    asked(lambda account_pk, topic: 1 / 0)
    assert delivered() == []
    assert Letter.objects.get().state == State.CANCELLED


@pytest.mark.parametrize("missing", ["account", "unsubscribe_url"])
def test_marketing_without_a_way_out_is_refused(aigerim, missing):
    facts = {"account": aigerim, "unsubscribe_url": WAY_OUT, missing: None if missing == "account" else ""}
    with pytest.raises(ValueError, match="marketing"):
        post(KIND, to=aigerim.email, language="ru", topic=NEWS, **facts)


@pytest.mark.parametrize("url", ["https://shop.example/\nBcc: x", "https://a.example/>,<mailto:x@y.kz", "javascript:x"])
def test_a_way_out_cannot_write_into_other_headers(aigerim, url):
    with pytest.raises(ValueError, match="ended"):
        post(KIND, to=aigerim.email, language="ru", account=aigerim, topic=NEWS, unsubscribe_url=url)

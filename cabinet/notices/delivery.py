"""Delivering what waits: each letter by one worker at a time, repeated with growing pauses, given up in the end."""

from __future__ import annotations

import logging
import smtplib
from collections import Counter
from datetime import timedelta
from typing import Any

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db.models import F
from django.utils import timezone

from cabinet.notices.demo import are_letters_shown
from cabinet.notices.models import Letter, State
from cabinet.notices.wanted import is_wanted

log = logging.getLogger("kelisim.letters")

# Greylisting lets the second try pass; a server that is repaired within two days loses nothing (trust.md, f09).
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 3 * 60, 6 * 60, 12 * 60, 24 * 60))
# How long a worker has a letter for itself: SMTP's dozen answers may each take EMAIL_TIMEOUT, 15 seconds.
LEASE = timedelta(minutes=10)
AT_ONCE = 10  # letters looked at together; who is quicker takes one, the other worker the next

# What a server says of this letter alone; of all else, the next letter would hear the same.
ABOUT_THE_LETTER = (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError)
HOPELESS = (InvalidToken, ValueError)  # its key is gone, or it is no letter


def deliver_due() -> Counter[str]:
    """Try every letter that is due, and return how many became what.

    Two workers never send one letter: taking it is one UPDATE that only one of them can make, on either database. When
    the server is away, the round ends, and the other letters keep their tries for the next.

    A crash after the server's OK and before our commit sends the letter once more when its lease has ended, under the
    same Message-ID, by which mailboxes tell doubles.
    """
    done: Counter[str] = Counter()
    while letter := take_one():
        outcome, is_server_away = deliver(letter)
        done[outcome] += 1
        if is_server_away:
            break
    return done


def take_one() -> Letter | None:
    """Take the letter that has been due for longest, for this worker alone, until its lease ends."""
    now = timezone.now()
    while candidates := list(Letter.objects.due(now)[:AT_ONCE]):
        for letter in candidates:
            mine = Letter.objects.due(now).filter(pk=letter.pk, attempts=letter.attempts).order_by()
            if mine.update(attempts=F("attempts") + 1, next_attempt_at=now + LEASE):
                letter.attempts += 1
                return letter
    return None


def deliver(letter: Letter) -> tuple[str, bool]:
    """Try one letter; return what it became, and whether the server is away."""
    if letter.topic and not is_wanted(letter.account_id, letter.topic):
        return settle(letter, State.CANCELLED), False
    if letter.attempts > len(PAUSES) + 1:  # workers died over it, each time
        return settle(letter, State.DEAD), False
    try:
        send(letter)
    except Exception as error:
        return repeat_or_bury(letter, error), is_about_server(error)
    return settle(letter, State.SENT, last_error=""), False


def send(letter: Letter) -> None:
    """Hand the letter to the mail server; raise what went wrong."""
    message = message_of(letter)
    if not get_connection(settings.LETTERS_BACKEND).send_messages([message]):
        raise ValueError("The letter was not taken.")


def message_of(letter: Letter) -> EmailMultiAlternatives:
    """Return the letter as a message; the same Message-ID each time."""
    written = letter.written
    if written is None:
        raise ValueError("The letter has no words.")
    message = EmailMultiAlternatives(written.subject, written.text, to=[letter.recipient])
    message.extra_headers = {**written.headers, "Message-ID": letter.message_id}
    if written.html:
        message.attach_alternative(written.html, "text/html")
    return message


def repeat_or_bury(letter: Letter, error: Exception) -> str:
    """Have the letter tried again after its pause, or never."""
    told = describe(error)
    log.warning("letters.failed", extra={"data": {"letter": letter.public_id, "try": letter.attempts, "error": told}})
    if is_permanent(error) or letter.attempts > len(PAUSES):
        return settle(letter, State.DEAD, last_error=told)
    pause = PAUSES[letter.attempts - 1]
    return change(letter, State.WAITING, next_attempt_at=timezone.now() + pause, last_error=told)


def settle(letter: Letter, state: State, **facts: Any) -> str:
    """Bring the letter to its end; its words go, unless somebody may have it sent again or the demo shows it."""
    facts |= {"settled_at": timezone.now(), "next_attempt_at": None}
    if state != State.DEAD and not are_letters_shown():
        facts |= {"sealed": ""} | ({} if letter.account_id else {"recipient": ""})
    return change(letter, state, **facts)


def change(letter: Letter, state: State, **facts: Any) -> str:
    """Write down what the letter became, unless another worker has taken it since."""
    mine = Letter.objects.filter(pk=letter.pk, state=State.WAITING, attempts=letter.attempts)
    mine.update(state=state, **facts)
    return state.value


def code_of(error: Exception) -> int:
    """Return the server's code, 0 when it said none."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return next((code for code, _words in error.recipients.values()), 0)
    return error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else 0


def describe(error: Exception) -> str:
    """Return code and class; the words may repeat the address."""
    return f"{code_of(error) or ''} {type(error).__name__}".strip()


def is_permanent(error: Exception) -> bool:
    """Say whether the same letter would be refused again (RFC 5321, 4.2.1: 5yz)."""
    if isinstance(error, ABOUT_THE_LETTER):
        return 500 <= code_of(error) < 600
    return isinstance(error, HOPELESS)


def is_about_server(error: Exception) -> bool:
    """Say whether the server is away, or refuses us rather than the letter."""
    return isinstance(error, OSError) and not isinstance(error, ABOUT_THE_LETTER)


def send_again(letter: Letter) -> bool:
    """Let a dead letter begin anew; say whether it was dead."""
    dead = Letter.objects.dead().filter(pk=letter.pk)
    begin = {"attempts": 0, "next_attempt_at": timezone.now(), "settled_at": None}
    return bool(dead.update(state=State.WAITING, **begin))


def give_up(letter: Letter) -> bool:
    """Let go of a dead letter and of its words; say whether it was dead."""
    dead = Letter.objects.dead().filter(pk=letter.pk)
    wiped = {"sealed": ""} if letter.account_id else {"sealed": "", "recipient": ""}
    return bool(dead.update(state=State.CANCELLED, settled_at=timezone.now(), **wiped))


def forget_old() -> int:
    """Delete letters that came to their end LETTER_LIFETIME ago; return how many."""
    return int(Letter.objects.forgotten().delete()[0])

"""f09: the mail server refuses, delays, hangs, or is dead for days; letters wait, pages do not."""

from __future__ import annotations

import re
import threading
import time
from datetime import timedelta
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from cabinet.notices import delivery, postman
from cabinet.notices.delivery import LEASE, PAUSES, deliver_due
from cabinet.notices.models import Letter, State
from cabinet.notices.posting import post
from tests.mailboxes import Mailbox, mail_server, silent_server
from tests.running import free_port, site_at

KIND = "account/email/password_changed"
AIGERIM = "aigerim@customer.example"


@pytest.fixture
def letter(db):
    return post(KIND, to=AIGERIM, language="ru")


def later(**span):
    return time_machine.travel(timezone.now() + timedelta(**span), tick=True)


def test_f09_a_refused_connection_is_tried_again_after_a_minute(letter, use_port):
    use_port(free_port())
    deliver_due()
    letter.refresh_from_db()
    assert (letter.state, letter.attempts, letter.last_error) == (State.WAITING, 1, "ConnectionRefusedError")
    assert timedelta(seconds=50) < letter.next_attempt_at - timezone.now() <= timedelta(minutes=1)


def test_f09_nothing_is_lost_when_the_server_comes_back(letter, use_port):
    port = free_port()
    use_port(port)
    deliver_due()
    mailbox = Mailbox()
    with mail_server(mailbox, port), later(minutes=1):
        assert deliver_due() == {"sent": 1}
    assert [one["To"] for one in mailbox.letters] == [AIGERIM]


def test_f09_a_greylisted_letter_is_taken_the_second_time(letter, use_port):
    mailbox = Mailbox(rcpt=["451 4.7.1 Greylisted, come back later"])
    with mail_server(mailbox) as port:
        use_port(port)
        assert deliver_due() == {"waiting": 1}
        assert Letter.objects.get().last_error == "451 SMTPRecipientsRefused"
        assert deliver_due() == {}
        with later(minutes=1):
            assert deliver_due() == {"sent": 1}
    assert len(mailbox.letters) == 1


def test_f09_every_try_bears_the_same_message_id(letter, use_port):
    mailbox = Mailbox(data=["451 4.3.0 Busy"])
    with mail_server(mailbox) as port:
        use_port(port)
        deliver_due()
        with later(minutes=1):
            deliver_due()
    assert [one["Message-ID"] for one in mailbox.seen] == [letter.message_id] * 2


def test_f09_a_server_that_hangs_is_given_up_after_the_timeout(letter, use_port):
    with silent_server() as port:
        use_port(port, timeout=0.5)  # the fixture's own is 15
        begun = time.monotonic()
        assert deliver_due() == {"waiting": 1}
        assert 0.4 < time.monotonic() - begun < 12
    letter.refresh_from_db()
    assert letter.last_error in {"TimeoutError", "SMTPServerDisconnected"}


def test_f09_a_dead_server_costs_one_try_a_round_not_one_a_letter(db, use_port):
    for _each in range(5):
        post(KIND, to=AIGERIM, language="ru")
    use_port(free_port())
    deliver_due()
    assert sorted(Letter.objects.values_list("attempts", flat=True)) == [0, 0, 0, 0, 1]


def test_f09_a_recipient_refused_for_good_is_not_tried_again(letter, use_port):
    with mail_server(Mailbox(rcpt=[f"550 5.1.1 <{AIGERIM}>: no such user"])) as port:
        use_port(port)
        assert deliver_due() == {"dead": 1}
    letter.refresh_from_db()
    assert (letter.state, letter.last_error) == (State.DEAD, "550 SMTPRecipientsRefused")


def test_f09_one_refused_letter_does_not_keep_the_next(letter, use_port):
    post(KIND, to="boris@customer.example", language="kk")
    mailbox = Mailbox(rcpt=["550 5.1.1 no such user"])
    with mail_server(mailbox) as port:
        use_port(port)
        assert deliver_due() == {"dead": 1, "sent": 1}


def test_f09_a_server_dead_for_days_leaves_a_dead_letter(letter, use_port):
    use_port(free_port())
    now = timezone.now()
    for pause in (timedelta(), *PAUSES):
        now += pause + timedelta(seconds=1)
        with time_machine.travel(now, tick=False):
            deliver_due()
    letter.refresh_from_db()
    assert (letter.state, letter.attempts) == (State.DEAD, len(PAUSES) + 1)
    assert letter.written is not None  # so that staff may send it again


def test_f09_before_its_pause_has_passed_nothing_is_tried(letter, use_port):
    use_port(free_port())
    for tries, pause in enumerate(PAUSES, start=1):
        deliver_due()
        deliver_due()
        letter.refresh_from_db()
        assert letter.attempts == tries
        assert pause - timedelta(seconds=5) < letter.next_attempt_at - timezone.now() <= pause
        Letter.objects.update(next_attempt_at=timezone.now())


def test_f09_two_workers_never_send_one_letter(committed_db, use_port):
    for number in range(12):
        post(KIND, to=f"customer{number}@customer.example", language="ru")
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        use_port(port)
        workers = [threading.Thread(target=postman.Postman().one_round) for _each in range(4)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(timeout=30)
    assert sorted(one["To"] for one in mailbox.letters) == sorted(f"customer{n}@customer.example" for n in range(12))
    assert set(Letter.objects.values_list("state", "attempts")) == {("sent", 1)}


def test_f09_a_crash_after_the_servers_ok_sends_once_more_under_the_same_id(letter, use_port, monkeypatch):
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        use_port(port)
        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(delivery, "change", crash)
            deliver_due()
        assert deliver_due() == {}  # somebody may still be at it
        with later(seconds=LEASE.total_seconds()):
            assert deliver_due() == {"sent": 1}
    assert [one["Message-ID"] for one in mailbox.letters] == [letter.message_id] * 2


def crash(*args, **kwargs):
    raise KeyboardInterrupt


@pytest.fixture
def running_postman(monkeypatch):
    """A postman beside the requests, as a server process has one."""
    one = postman.Postman()
    monkeypatch.setattr(postman, "postman", one)
    one.start()
    yield one
    one.stop()


PATIENCE = 60  # seconds until a letter that has not come counts as lost
HANGING = 3  # seconds until a mail server that says nothing is given up


def time_of_a_page(times=5):
    """Return the seconds of a request that posts a letter: the quickest, for a busy machine only adds."""
    spent = []
    for number in range(times):
        begun = time.perf_counter()
        Client().post("/ru/accounts/password/reset/", {"email": f"visitor{number}@customer.example"})
        spent.append(time.perf_counter() - begun)
    return min(spent)


def test_f09_the_page_waits_for_no_mail_server(
    committed_db, settings, use_port, running_postman, record_property, site_ru
):
    settings.ACCOUNT_RATE_LIMITS = False
    settings.LETTERS_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    time_of_a_page(2)
    without = time_of_a_page()
    with silent_server() as port:
        use_port(port, timeout=HANGING)
        hanging = time_of_a_page()
        running_postman.stop()
    record_property("f09, a page that posts", f"{without * 1e3:.0f} ms, mail server hanging {hanging * 1e3:.0f} ms")
    assert hanging < HANGING, "each page waited until the mail server was given up"
    assert Letter.objects.filter(state=State.WAITING).count() >= 5


def test_f09_the_postman_sends_at_once_when_poked(committed_db, use_port, running_postman):
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        use_port(port)
        post(KIND, to=AIGERIM, language="ru")
        end = time.monotonic() + PATIENCE
        while Letter.objects.get().state != State.SENT and time.monotonic() < end:
            time.sleep(0.05)
    assert [one["To"] for one in mailbox.letters] == [AIGERIM]


def test_f09_a_running_server_sends_by_itself(tmp_path):
    mailbox = Mailbox()
    with mail_server(mailbox) as port, site_at(tmp_path, EMAIL_URL=f"smtp://127.0.0.1:{port}") as site:
        browser = build_opener(HTTPCookieProcessor())
        form = browser.open(f"{site}/kk/accounts/password/reset/").read().decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form).group(1)
        fields = urlencode({"csrfmiddlewaretoken": token, "email": "dana@kelisim.example"})
        browser.open(f"{site}/kk/accounts/password/reset/", fields.encode())
        end = time.monotonic() + PATIENCE
        while not mailbox.letters and time.monotonic() < end:
            time.sleep(0.05)
    assert [one["To"] for one in mailbox.letters] == ["dana@kelisim.example"]
    assert mailbox.letters[0].get_content_type() == "multipart/alternative"

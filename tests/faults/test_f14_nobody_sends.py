"""f14: nothing sends for three days, or dies over one letter; then each letter goes once (trust.md)."""

from __future__ import annotations

from datetime import timedelta

import time_machine
from django.utils import timezone

from cabinet.notices.delivery import PAUSES, deliver_due
from cabinet.notices.models import Letter
from cabinet.notices.posting import post
from tests.mailboxes import Mailbox, mail_server

KIND = "account/email/password_changed"


def test_f14_a_letter_over_which_workers_die_is_parked(db):
    post(KIND, to="aigerim@customer.example", language="ru")
    Letter.objects.update(attempts=len(PAUSES) + 1)
    assert deliver_due() == {"dead": 1}


def test_f14_three_days_without_anybody_who_sends_make_no_doubles(db, use_port):
    for number in range(5):
        post(KIND, to=f"customer{number}@customer.example", language="ru")
    mailbox = Mailbox()
    with mail_server(mailbox) as port, time_machine.travel(timezone.now() + timedelta(days=3)):
        use_port(port)
        assert deliver_due() == {"sent": 5}
        assert deliver_due() == {}
    assert len({one["Message-ID"] for one in mailbox.letters}) == len(mailbox.letters) == 5

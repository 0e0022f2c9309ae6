"""f03: a web worker is killed before or after the commit of an event; the sender repeats it under the same id."""

from __future__ import annotations

import os
import signal

import pytest
from django.db import connections

from cabinet.exchange import intake
from cabinet.exchange.handlers import Data, Received, handles
from cabinet.exchange.models import Key, ReceivedEvent
from tests.cabinet.exchange.conftest import registered  # noqa: F401  (a fixture)
from tests.cabinet.exchange.shop import Shop


class Bill(Data):
    number: str


def before_commit():
    """Kill when the handler has written and nothing is committed."""

    @handles("bill.paid")
    def paid(data: Bill, event: Received) -> None:
        effect(data.number)
        os.kill(os.getpid(), signal.SIGKILL)


def after_commit():
    """Kill when everything is committed and the sender has no answer yet."""
    whole = intake.once

    def once(*args):
        whole(*args)
        os.kill(os.getpid(), signal.SIGKILL)

    healthy()
    intake.once = once


def healthy():
    @handles("bill.paid")
    def paid(data: Bill, event: Received) -> None:
        effect(data.number)


def effect(number):
    """Write a row; any will do that can be counted."""
    Key.objects.create(source="effect", scopes=[number], sealed="")


def killed(shop, prepare):
    """Send an event to a worker that dies over it; a process of its own, as a worker is."""
    connections.close_all()
    worker = os.fork()
    if worker == 0:
        try:
            prepare()
            shop.send("bill.paid", {"number": "7"})
        finally:
            os._exit(0)  # reached by nobody who was killed
    _pid, status = os.waitpid(worker, 0)
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


@pytest.mark.parametrize(("prepare", "effects"), [(before_commit, 0), (after_commit, 1)])
def test_f03_after_a_kill_the_repeat_is_taken_and_has_one_effect(committed_db, registered, prepare, effects):  # noqa: F811
    shop = Shop()
    body = b'{"type": "bill.paid", "timestamp": "2026-11-26T09:30:00Z", "data": {"number": "7"}}'
    shop.send = lambda type_, data: shop.post(body)
    assert killed(shop, prepare)
    assert (ReceivedEvent.objects.count(), Key.objects.filter(source="effect").count()) == (effects, effects)
    healthy()
    answers = [shop.post(body) for _repeat in range(3)]
    assert {(one.status_code, one.content) for one in answers} == {(200, answers[0].content)}
    assert (ReceivedEvent.objects.count(), Key.objects.filter(source="effect").count()) == (1, 1)

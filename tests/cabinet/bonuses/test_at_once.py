"""Two events at the same time."""

from __future__ import annotations

import threading

from django.db import connection

from tests.cabinet.bonuses.conftest import balance


def test_two_threads_with_one_event_move_once_and_two_events_both_count(committed_db, member, told):
    answers = at_once(
        lambda: told("accrued", "100.00", event_id="evt_same"),
        lambda: told("accrued", "100.00", event_id="evt_same"),
        lambda: told("accrued", "7.00", event_id="evt_a"),
        lambda: told("spent", "3.00", event_id="evt_b"),
    )
    assert sorted(answer.is_repeat for answer in answers) == [False, False, False, True]
    assert balance(member) == 104


def at_once(*deeds):
    answers, start = [], threading.Barrier(len(deeds))

    def run(deed):
        start.wait()
        try:
            answers.append(deed())
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers

"""Two events at the same time."""

from __future__ import annotations

from tests.cabinet.bonuses.conftest import balance
from tests.faults.test_f17_publishing_at_once import run_at_once


def test_two_threads_with_one_event_move_once_and_two_events_both_count(committed_db, member, told):
    answers = []
    events = [("accrued", "100.00", "evt_same")] * 2 + [("accrued", "7.00", "evt_a"), ("spent", "3.00", "evt_b")]
    assert not run_at_once(*(lambda event=event: answers.append(told(*event)) for event in events))
    assert sorted(answer.is_repeat for answer in answers) == [False, False, False, True]
    assert balance(member) == 104

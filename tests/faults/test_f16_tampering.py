"""f16: whoever changes the log of events behind our back is noticed: exit ≠ 0, and the first bad row is named."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from datetime import UTC
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from cabinet.audit.append_only import create_triggers, drop_triggers
from cabinet.audit.forgetting import forget
from cabinet.audit.models import Event, Payload
from cabinet.audit.recording import record
from tests.databases import ROOT
from tests.faults.test_f17_publishing_at_once import run_at_once
from tests.faults.test_killed_while_publishing import own_database

TABLE, PAYLOADS = "audit_event", "audit_payload"
AIGERIM, BORIS = UUID(int=0xA), UUID(int=0xB)


@pytest.fixture
def anchors(settings, tmp_path):
    settings.AUDIT_ANCHORS = tmp_path / "anchors.jsonl"
    return settings.AUDIT_ANCHORS


@pytest.fixture
def chain(database, anchors):
    """Eight events about two people; the first five are anchored."""
    for number in range(1, 9):
        record("customers.profile.changed", subject=(AIGERIM, BORIS)[number % 2], actor="aigerim_1", city=f"№ {number}")
        if number == 5:
            call_command("anchor_audit")


def tamper(*statements):
    """Change rows as somebody would who may do everything in the database, and leave the triggers as they were."""
    connection.check_constraints()  # or PostgreSQL still has something to do with the rows
    drop_triggers(connection, TABLE)
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    create_triggers(connection, TABLE)


def rehashed(event, **changes):
    """The statement that makes a row consistent again; the hash is computed as docs/operator.md tells, by hand."""
    facts = {name: getattr(event, name) for name in ("name", "actor", "subject", "commitment", "previous")} | changes
    at = event.at.astimezone(UTC).isoformat(timespec="microseconds")
    words = json.dumps([event.sequence, at, *facts.values()], ensure_ascii=False, separators=(",", ":"))
    sealed = hashlib.sha256(words.encode()).hexdigest()
    values = ", ".join(f"{column} = '{value}'" for column, value in {**facts, "hash": sealed}.items())
    return f"UPDATE {TABLE} SET {values} WHERE id = {event.sequence}", sealed


def rewritten_from(first, **changes):
    """The statements that change one event and put every later one right behind it."""
    statements, previous = [], None
    for event in Event.objects.filter(sequence__gte=first).order_by("sequence"):
        statement, previous = rehashed(event, **(changes if event.sequence == first else {"previous": previous}))
        statements.append(statement)
    return statements


def assert_noticed(words):
    with pytest.raises(CommandError) as told:
        call_command("verify_audit")
    assert words in str(told.value) and told.value.returncode == 1
    assert str(told.value).count("\n") == 0


def test_f16_i9_an_untouched_chain_verifies(chain, capsys):
    call_command("verify_audit")
    assert "Verified: 8 events, 1 anchors, 0 payloads forgotten" in capsys.readouterr().out


@pytest.mark.parametrize(
    "change",
    [
        "name = 'customers.profile.kept'",
        "actor = 'boris_1'",
        "actor = ''",
        f"subject = '{BORIS}'",
        f"subject = '{str(AIGERIM).upper()}'",
        "subject = ''",
        "at = '2020-01-01 00:00:00'",
        f"commitment = '{'0' * 64}'",
        f"hash = '{'0' * 64}'",
    ],
)
def test_f16_a_changed_row_is_named(chain, change):
    tamper(f"UPDATE {TABLE} SET {change} WHERE id = 4")
    assert_noticed("Event 4 was changed")


def test_f16_a_changed_row_with_a_hash_of_its_own_does_not_fit_the_next(chain):
    tamper(rehashed(Event.objects.get(sequence=6), actor="boris_1")[0])
    assert_noticed("Event 7 was changed, put in, or the one before it rewritten")


def test_f16_a_row_that_cannot_be_read_is_named(chain):
    if connection.vendor != "sqlite":
        pytest.skip("Only SQLite keeps any text as a time, any bytes as a text.")
    tamper(f"UPDATE {TABLE} SET name = x'00ff' WHERE id = 7")
    assert_noticed("Event 7 was changed")
    tamper(f"UPDATE {TABLE} SET at = 'yesterday' WHERE id = 6")
    assert_noticed("Event 6 was changed")
    tamper(f"UPDATE {TABLE} SET actor = CAST(x'ff' AS TEXT) WHERE id = 3")
    assert_noticed("Event 3 cannot be read")


def test_f16_i9_a_cut_tail_is_noticed_by_its_anchor(chain):
    tamper(f"DELETE FROM {PAYLOADS} WHERE event_id > 3", f"DELETE FROM {TABLE} WHERE id > 3")
    assert_noticed("Event 4 is missing: the chain was cut, event 5 was anchored on 20")


def test_f16_the_whole_chain_gone_is_noticed_by_its_anchor(chain):
    tamper(f"DELETE FROM {PAYLOADS}", f"DELETE FROM {TABLE}")
    assert_noticed("Event 1 is missing: the chain was cut")


def test_f16_a_row_taken_out_of_the_middle_is_missed(chain):
    tamper(f"DELETE FROM {PAYLOADS} WHERE event_id = 6", f"DELETE FROM {TABLE} WHERE id = 6")
    assert_noticed("Event 6 is missing.")


def test_f16_a_cut_head_is_missed(chain):
    tamper(f"DELETE FROM {PAYLOADS} WHERE event_id = 1", f"DELETE FROM {TABLE} WHERE id = 1")
    assert_noticed("Event 1 is missing.")


@pytest.mark.parametrize(
    ("place", "words"), [(0, "Event 0 was put in"), (9, "Event 9 was changed, put in"), (12, "Event 9 is missing.")]
)
def test_f16_an_inserted_row_is_noticed(chain, place, words):
    columns = "at, name, actor, subject, commitment, previous, hash"
    tamper(f"INSERT INTO {TABLE} (id, {columns}) SELECT {place}, {columns} FROM {TABLE} WHERE id = 7")
    assert_noticed(words)


def test_f16_a_row_put_between_two_others_is_noticed(chain):
    columns = "at, name, actor, subject, commitment, previous, hash"
    tamper(
        f"DELETE FROM {PAYLOADS} WHERE event_id > 6",
        f"UPDATE {TABLE} SET id = 9 WHERE id = 8",
        f"UPDATE {TABLE} SET id = 8 WHERE id = 7",
        f"INSERT INTO {TABLE} (id, {columns}) SELECT 7, {columns} FROM {TABLE} WHERE id = 8",
        f"UPDATE {TABLE} SET name = 'customers.profile.kept' WHERE id = 7",
    )
    assert_noticed("Event 7 was changed")


def test_f16_two_swapped_rows_are_noticed(chain):
    tamper(
        f"DELETE FROM {PAYLOADS} WHERE event_id IN (6, 7)",
        f"UPDATE {TABLE} SET id = 99 WHERE id = 6",
        f"UPDATE {TABLE} SET id = 6 WHERE id = 7",
        f"UPDATE {TABLE} SET id = 7 WHERE id = 99",
    )
    assert_noticed("Event 6 was changed, put in, or the one before it rewritten")


@pytest.mark.parametrize("first", [1, 3, 5])
def test_f16_i9_a_consistent_rewrite_is_noticed_by_its_anchor(chain, first):
    tamper(*rewritten_from(first, actor="boris_1"))
    assert_noticed("Event 5 is not the one that was anchored on 20")


def test_f16_no_anchor_no_notice_and_the_command_says_so(chain, anchors, capsys):
    anchors.unlink()
    tamper(*rewritten_from(3, actor="boris_1"))
    call_command("verify_audit")
    told = capsys.readouterr()
    assert "Verified: 8 events, 0 anchors" in told.out and "There is no anchor" in told.err


def test_f16_a_chain_that_does_not_fit_is_not_anchored(chain, anchors):
    before = anchors.read_bytes()
    tamper(*rewritten_from(3, actor="boris_1"))
    with pytest.raises(CommandError, match=r"Not anchored\. Event 5 is not the one"):
        call_command("anchor_audit")
    assert anchors.read_bytes() == before


def test_f16_what_was_changed_since_the_last_anchor_is_not_anchored(chain):
    tamper(f"UPDATE {TABLE} SET actor = 'boris_1' WHERE id = 7")
    with pytest.raises(CommandError, match=r"Not anchored\. Event 7 was changed"):
        call_command("anchor_audit")


def test_f16_a_cut_tail_is_not_anchored(chain):
    tamper(f"DELETE FROM {PAYLOADS} WHERE event_id > 3", f"DELETE FROM {TABLE} WHERE id > 3")
    with pytest.raises(CommandError, match=r"Not anchored\. Event 5 is missing"):
        call_command("anchor_audit")


@pytest.mark.parametrize(
    ("line", "number"),
    [(b"nonsense\n", 2), (b'{"seq": 8', 2), (b'{"seq": 5, "hash": "0", "at": "2026-11-26T00:00:00+00:00"}\n', 2)],
)
def test_f16_a_broken_line_of_anchors_is_named(chain, anchors, line, number):
    anchors.write_bytes(anchors.read_bytes() + line)
    assert_noticed(f"Line {number} of the anchors is broken or out of order")
    with pytest.raises(CommandError, match="Not anchored"):
        call_command("anchor_audit")


def test_f16_a_changed_anchor_is_noticed(chain, anchors):
    told = json.loads(anchors.read_text())
    anchors.write_text(json.dumps({**told, "hash": "0" * 64}) + "\n")
    assert_noticed("Event 5 is not the one that was anchored")


@pytest.mark.parametrize(
    "change", ["text = '{}'", "text = replace(text, '6', '7')", f"salt = '{'0' * 64}'", "salt = 'no number'"]
)
def test_f16_a_changed_payload_is_noticed(chain, change):
    tamper(f"UPDATE {PAYLOADS} SET {change} WHERE event_id = 6")
    assert_noticed("Event 6: its payload was changed")


def test_f16_a_payload_of_another_event_is_noticed(chain):
    tamper(
        f"DELETE FROM {PAYLOADS} WHERE event_id = 6",
        f"UPDATE {PAYLOADS} SET event_id = 6 WHERE event_id = 8",
    )
    assert_noticed("Event 6: its payload was changed")


def test_f16_a_deleted_payload_is_no_harm(chain, capsys):
    Payload.objects.filter(event=4).delete()
    call_command("verify_audit")
    assert "8 events, 1 anchors, 1 payloads forgotten" in capsys.readouterr().out
    assert forget(AIGERIM) == 3
    call_command("verify_audit")
    call_command("anchor_audit")
    assert "8 events, 1 anchors, 4 payloads forgotten" in capsys.readouterr().out


def test_f16_dropped_triggers_are_noticed(chain):
    connection.check_constraints()
    drop_triggers(connection, TABLE)
    assert_noticed("The table of events has lost its triggers")
    create_triggers(connection, TABLE)
    call_command("verify_audit")


def test_f16_switched_off_triggers_are_noticed(chain):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite cannot switch triggers off.")
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {TABLE} DISABLE TRIGGER ALL")
    assert_noticed("The table of events has lost its triggers")


def test_f16_a_timer_hears_of_it_by_the_exit_code(committed_db, anchors):
    for _number in range(3):
        record("customers.profile.changed", subject=AIGERIM)
    assert run("anchor_audit", anchors).returncode == run("verify_audit", anchors).returncode == 0
    tamper(f"UPDATE {TABLE} SET actor = 'x' WHERE id = 2")
    done = run("verify_audit", anchors)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.strip().splitlines()[-1] == (
        "CommandError: Event 2 was changed: its facts do not have the hash it was written with."
    )


def run(command, anchors):
    """Run the command in a process of its own on this test's database."""
    settings = {"DEBUG": "1", "LOG_LEVEL": "ERROR", "DATABASE_URL": own_database(), "AUDIT_ANCHORS": str(anchors)}
    return subprocess.run(
        [sys.executable, "manage.py", command],
        cwd=ROOT,
        env={**os.environ, **settings, "DATA_DIR": str(anchors.parent / "data")},
        capture_output=True,
        text=True,
    )


def test_f16_eight_at_once_leave_no_gap(committed_db, anchors, capsys):
    def write():
        for number in range(20):
            record("customers.profile.changed", subject=AIGERIM, number=number)

    assert run_at_once(*[write] * 8) == []
    assert list(Event.objects.order_by("sequence").values_list("sequence", flat=True)) == list(range(1, 161))
    call_command("verify_audit")
    assert "Verified: 160 events" in capsys.readouterr().out

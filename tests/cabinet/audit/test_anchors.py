"""Where the chain stands is written down outside the database, a line at a time."""

from __future__ import annotations

import json
import stat
import threading
import tracemalloc

import pytest
from django.core.management import CommandError, call_command

from cabinet.audit import verifying
from cabinet.audit.models import Event
from cabinet.audit.recording import record


@pytest.fixture
def anchors(settings, tmp_path):
    settings.AUDIT_ANCHORS = tmp_path / "anchors.jsonl"
    return settings.AUDIT_ANCHORS


def test_an_anchor_is_a_line_of_number_hash_and_time(db, anchors, capsys):
    record("audit.trial.begun")
    call_command("anchor_audit")
    (line,) = anchors.read_text().splitlines()
    told = json.loads(line)
    assert (list(told), told["seq"], told["hash"]) == (["seq", "hash", "at"], 1, Event.objects.get().hash)
    assert told["at"].endswith("+00:00")
    assert "Anchored: event 1" in capsys.readouterr().out
    assert stat.S_IMODE(anchors.stat().st_mode) & 0o027 == 0


def test_twice_adds_nothing_and_nothing_changes_what_is_there(db, anchors, capsys):
    call_command("anchor_audit")
    assert not anchors.exists()
    record("audit.trial.begun")
    call_command("anchor_audit")
    before = anchors.read_bytes()
    call_command("anchor_audit")
    assert anchors.read_bytes() == before
    assert capsys.readouterr().out.count("Nothing to anchor") == 2
    record("audit.trial.ended")
    call_command("anchor_audit")
    assert anchors.read_bytes().startswith(before) and len(anchors.read_text().splitlines()) == 2


def test_an_anchor_is_on_the_disk_before_it_is_told(db, anchors, monkeypatch):
    synced = []
    monkeypatch.setattr("os.fsync", synced.append)
    record("audit.trial.begun")
    call_command("anchor_audit")
    assert len(synced) == 2  # the file, and the folder that knows its name


def test_a_place_that_cannot_be_written_is_told_in_a_sentence(db, settings, tmp_path):
    settings.AUDIT_ANCHORS = tmp_path / "nowhere" / "anchors.jsonl"
    record("audit.trial.begun")
    with pytest.raises(CommandError, match=r"Not anchored: .* cannot be used: No such file or directory"):
        call_command("anchor_audit")


def test_two_who_anchor_at_once_write_one_line(committed_db, anchors):
    record("audit.trial.begun")
    threads = [threading.Thread(target=call_command, args=("anchor_audit",)) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(anchors.read_text().splitlines()) == 1


def test_verifying_takes_the_same_memory_however_long_the_chain(db, anchors, monkeypatch):
    monkeypatch.setattr(verifying, "AT_ONCE", 20)
    peaks = []
    for _round in range(2):
        for number in range(150):
            record("audit.trial.begun", words="x" * 2_000, number=number)
        verifying.verify_chain([])  # what is made once is not counted
        tracemalloc.start()
        verifying.verify_chain([])
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.2


def test_long_work_shows_progress(db, anchors, monkeypatch, capsys):
    monkeypatch.setattr(verifying, "STEP", 2)
    for _number in range(5):
        record("audit.trial.begun")
    call_command("verify_audit")
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == ["2", "4", "Verified:"]

"""Marks of what is gone: kept outside the database, naming nobody, and noticed when they were tampered with."""

from __future__ import annotations

import json
import stat

import pytest
from django.db import transaction

from cabinet.privacy import tombstones
from cabinet.privacy.models import Tombstone
from cabinet.privacy.tombstone_file import TombstonesBroken, append, last_uid, read
from cabinet.privacy.tombstones import Unreplayed, flush, write


def lines(settings):
    return settings.TOMBSTONES.read_bytes().splitlines(keepends=True)


def write_some(aigerim, count=3):
    for _each in range(count):
        write("erasure", aigerim.customer.subject)
    flush()


def test_a_mark_names_nobody(settings, aigerim):
    write("erasure", aigerim.customer.subject, category="customers.phone")
    flush()
    text = settings.TOMBSTONES.read_text()
    told = json.loads(text)
    assert (told["version"], told["kind"], told["what"]) == (1, "erasure", {"category": "customers.phone"})
    for personal in (str(aigerim.customer.subject), aigerim.customer.subject.hex, aigerim.public_id, "aigerim"):
        assert personal not in text


def test_the_same_person_has_the_same_mark_and_others_another(aigerim, boris):
    subjects = aigerim.customer.subject, aigerim.customer.subject, boris.customer.subject
    one, same, other = (tombstones.mark_of("secret", subject) for subject in subjects)
    assert one == same != other
    assert tombstones.mark_of("another secret", aigerim.customer.subject) != one


def test_a_mark_reaches_the_file_after_the_commit(aigerim, settings, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        write("erasure", aigerim.customer.subject)
        assert not settings.TOMBSTONES.exists()
    assert len(lines(settings)) == 1


def test_what_is_rolled_back_leaves_no_mark(aigerim, settings):
    with pytest.raises(RuntimeError), transaction.atomic():
        write("erasure", aigerim.customer.subject)
        raise RuntimeError
    assert flush() == 0
    assert not settings.TOMBSTONES.exists()


def test_the_file_is_ours_alone(aigerim, settings):
    write_some(aigerim)
    assert stat.S_IMODE(settings.TOMBSTONES.stat().st_mode) == 0o600


def test_a_disk_that_does_not_write_is_told_and_the_mark_waits(aigerim, settings, monkeypatch):
    write("erasure", aigerim.customer.subject)
    kept, settings.TOMBSTONES = settings.TOMBSTONES, settings.DATA_DIR
    with pytest.raises(OSError, match="directory"):
        flush()
    settings.TOMBSTONES = kept
    assert flush() == 1


def test_a_withdrawal_is_not_undone_by_a_full_disk(aigerim, settings, caplog, django_capture_on_commit_callbacks):
    kept, settings.TOMBSTONES = settings.TOMBSTONES, settings.DATA_DIR
    with django_capture_on_commit_callbacks(execute=True):
        write("withdrawal", aigerim.customer.subject, calmly=True, purpose="bonuses", medium="")
    assert "tombstones.not_written" in caplog.text
    settings.TOMBSTONES = kept
    tombstones.flush_calmly()
    assert Tombstone.objects.in_file().count() == 1


@pytest.mark.parametrize("torn", [b'{"version": 1, "uid": "ab', b"\x00\x00\x00", b"{}"])
def test_a_line_that_a_power_cut_tore_is_passed_over(aigerim, settings, torn):
    write_some(aigerim, 2)
    with settings.TOMBSTONES.open("ab") as file:
        file.write(torn)
    write_some(aigerim, 1)
    reading = read(settings.TOMBSTONES)
    assert (len(reading.marks), reading.torn) == (3, 1)
    assert last_uid(settings.TOMBSTONES) == reading.marks[-1].uid


def test_a_line_that_lacks_only_its_end_counts(aigerim, settings):
    write_some(aigerim, 2)
    settings.TOMBSTONES.write_bytes(settings.TOMBSTONES.read_bytes()[:-1])
    write_some(aigerim, 1)
    assert len(read(settings.TOMBSTONES).marks) == 3


def changed(rows):
    return [rows[0], rows[1].replace(b'"erasure"', b'"field"'), rows[2]]


@pytest.mark.parametrize(
    "tamper",
    [
        changed,
        lambda rows: [rows[0], rows[2]],
        lambda rows: [rows[1], rows[0], rows[2]],
        lambda rows: [rows[0], rows[0], rows[1], rows[2]],
        lambda rows: [rows[0], b"torn\n", rows[2]],
    ],
)
def test_f16_a_file_that_was_tampered_with_is_noticed(aigerim, settings, tamper):
    write_some(aigerim)
    settings.TOMBSTONES.write_bytes(b"".join(tamper(lines(settings))))
    with pytest.raises(TombstonesBroken, match="Line"):
        read(settings.TOMBSTONES)


def test_no_mark_hides_one_that_is_to_be_replayed(aigerim, settings, forget):
    forget(lambda: write("erasure", aigerim.customer.subject))
    write("erasure", aigerim.customer.subject)
    with pytest.raises(Unreplayed):
        flush()
    assert len(lines(settings)) == 1


@pytest.mark.parametrize("what", ["aigerim@customer.example", "+77011234567", "Айгерім", "two words"])
def test_a_mark_takes_nothing_personal(aigerim, what):
    with pytest.raises(ValueError, match="personal"):
        write("field", aigerim.customer.subject, field=what)
    with pytest.raises(ValueError, match="one of"):
        write("opened", aigerim.customer.subject)


def test_a_crash_between_commit_and_file_loses_nothing(aigerim, settings):
    write("erasure", aigerim.customer.subject)  # and the process is killed
    assert Tombstone.objects.waiting().count() == 1
    tombstones.flush_calmly()
    assert len(lines(settings)) == 1


def test_a_crash_between_file_and_database_doubles_a_line_and_no_deed(aigerim, settings, forget, erased):
    from cabinet.privacy.reapplying import reapply

    def crash():
        write("erasure", aigerim.customer.subject)
        append(settings.TOMBSTONES, [tombstones.as_mark(Tombstone.objects.get())])

    forget(crash)
    assert len(lines(settings)) == 2
    assert reapply()["erasure"] == 1
    assert erased == [str(aigerim.customer.subject)]

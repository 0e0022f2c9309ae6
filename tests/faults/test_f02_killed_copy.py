"""f02 and i7: whoever is killed while a copy is written leaves no copy; made again, it is whole (trust.md)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from zipfile import ZipFile

import pytest
import time_machine
from django.utils import timezone

from cabinet.audit.models import Event
from cabinet.notices.models import Letter
from cabinet.privacy import archive, copies, copying
from cabinet.privacy.data_copies import DataCopy, Stage
from cabinet.privacy.making_copies import make_copy
from tests.databases import ROOT
from tests.faults.test_killed_while_publishing import own_database

# What the process runs that is killed: making the copy as it is, but for the moment at which it ends.
COPY_AND_DIE = """
import os, signal
from django.db import transaction
from cabinet.privacy import archive, making_copies

point, add = {point!r}, archive.Archive.add

def die(*told, **more):
    os.kill(os.getpid(), signal.SIGKILL)

def add_and_die(self, name, content, size=0):
    if name == "csv/customers.Address.csv":
        self.file.write(b"half")
        self.file.flush()
        die()
    add(self, name, content, size)

if point == "while writing":
    archive.Archive.add = add_and_die
elif point == "between name and state":
    making_copies._finish = die
elif point == "after the commit":
    finish = making_copies._finish
    making_copies._finish = lambda *given: (finish(*given), die())
making_copies.make_copy({pk})
"""
POINTS = ["while writing", "between name and state", "after the commit"]


@pytest.fixture
def folder(settings, tmp_path):
    settings.COPIES_DIR = tmp_path / "copies"
    return settings.COPIES_DIR


@pytest.fixture
def copy(committed_db, make_customer, folder):
    account = make_customer("aigerim@customer.example", "Aigerim")
    account.customer.addresses.create(city="Алматы", street="Абай даңғылы, 10")
    return copies.ask(customer=account.customer, language="kk")


def killed(copy, point, folder) -> int:
    """Make the copy in a process of its own, which kills itself at the point; its exit code."""
    surroundings = {"DEBUG": "1", "LOG_LEVEL": "ERROR", "DATA_DIR": str(folder.parent), "COPIES_DIR": str(folder)}
    done = subprocess.run(
        [
            sys.executable,
            "manage.py",
            "shell",
            "--no-imports",
            "--command",
            COPY_AND_DIE.format(point=point, pk=copy.pk),
        ],
        cwd=ROOT,
        env={**os.environ, **surroundings, "DATABASE_URL": own_database()},
        capture_output=True,
        text=True,
    )
    assert done.returncode <= 0, done.stderr
    return done.returncode


def files_in(folder) -> list[str]:
    return sorted(path.name for path in folder.glob("*"))


@pytest.mark.parametrize("point", POINTS)
def test_f02_i7_a_killed_copy_is_whole_or_absent_and_made_again(copy, folder, point):
    assert killed(copy, point, folder) == -signal.SIGKILL
    copy.refresh_from_db()
    is_there = point == "after the commit"
    assert copy.is_ready == is_there
    suffixes = [name.rpartition(".")[2] for name in files_in(folder)]
    assert suffixes == (["part"] if point == "while writing" else ["zip"])

    make_copy(copy.pk)
    copy.refresh_from_db()
    assert copy.is_ready and files_in(folder) == [copy.place.name]
    assert ZipFile(copy.place).testzip() is None
    assert Letter.objects.count() == 1
    assert Event.objects.filter(name="privacy.copy.ready").count() == 1


def test_f02_what_a_killed_worker_left_is_swept_when_nobody_wants_the_copy_any_more(db, folder):
    folder.mkdir()
    for name in ("a" * 32 + ".part", "b" * 32 + ".zip", "somebody's notes.txt"):
        (folder / name).write_bytes(b"half")
    assert copies.sweep_strays() == 0  # they may still be written to
    before = time.time() - copies.STRAY.total_seconds() - 1
    for path in folder.glob("*"):
        os.utime(path, (before, before))
    assert copies.sweep_strays() == 2
    assert files_in(folder) == ["somebody's notes.txt"]


def test_f02_a_copy_that_no_job_remembers_is_begun_again(db, aigerim, folder, django_capture_on_commit_callbacks):
    from django_tasks_db.models import DBTaskResult

    from cabinet.jobs.running import run_due

    copy = copies.ask(customer=aigerim.customer, language="ru")
    DBTaskResult.objects.all().delete()
    assert copies.begin_stalled_again() == 0
    with time_machine.travel(timezone.now() + timedelta(hours=3)):
        assert copies.begin_stalled_again() == 1
        run_due()
    copy.refresh_from_db()
    assert copy.stage == Stage.READY


def test_i7_a_file_that_is_not_what_was_written_is_never_ready(db, aigerim, folder, monkeypatch):
    close = archive.Archive.close

    def close_and_rot(self, **facts):
        close(self, **facts)
        self.file.seek(200)
        self.file.write(b"rot")
        self.file.flush()

    monkeypatch.setattr(archive.Archive, "close", close_and_rot)
    copy = copies.ask(customer=aigerim.customer, language="ru")
    with pytest.raises(archive.NotWhole):
        make_copy(copy.pk)
    copy.refresh_from_db()
    assert not copy.is_ready and files_in(folder) == []
    monkeypatch.undo()


def test_f05_of_two_workers_the_later_one_has_the_copy(db, aigerim, folder, monkeypatch):
    copy = copies.ask(customer=aigerim.customer, language="ru")
    write = copying.write_copy

    def write_while_another_makes_it_too(*given):
        monkeypatch.setattr("cabinet.privacy.making_copies.write_copy", write)
        make_copy(copy.pk)
        write(*given)

    monkeypatch.setattr("cabinet.privacy.making_copies.write_copy", write_while_another_makes_it_too)
    make_copy(copy.pk)
    copy.refresh_from_db()
    assert (copy.stage, copy.attempt) == (Stage.READY, 2)
    assert files_in(folder) == [copy.place.name]
    assert Letter.objects.count() == 1


def test_s17_an_erasure_while_a_copy_is_written_leaves_no_file(db, aigerim, folder, monkeypatch):
    copy = copies.ask(customer=aigerim.customer, language="ru")
    write = copying.write_copy

    def write_while_all_is_removed(*given):
        write(*given)
        copies.remove_all(aigerim.customer)

    monkeypatch.setattr("cabinet.privacy.making_copies.write_copy", write_while_all_is_removed)
    make_copy(copy.pk)
    assert not DataCopy.objects.exists() and files_in(folder) == [] and not Letter.objects.exists()


def test_f14_a_copy_that_fails_each_time_ends_as_failed(db, aigerim, folder, monkeypatch):
    monkeypatch.setattr("cabinet.privacy.making_copies.sheets", lambda customer: 1 / 0)
    copy = copies.ask(customer=aigerim.customer, language="ru")
    for _try in range(4):
        with pytest.raises(ZeroDivisionError):
            make_copy(copy.pk)
    make_copy(copy.pk)
    copy.refresh_from_db()
    assert (copy.stage, copy.trouble) == (Stage.FAILED, "fault")
    letter = Letter.objects.get()  # one, after the last try
    assert letter.template == "privacy/letters/copy_failed" and letter.recipient == aigerim.email
    assert copies.next_possible(aigerim.customer) is None

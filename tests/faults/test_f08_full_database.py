"""f08: no room for the database or for the tombstones while somebody is erased: nothing half, and with room it ends."""

from __future__ import annotations

import errno
import os
import subprocess

import pytest
from django.db import OperationalError, connection

from cabinet.customers.models import Address
from cabinet.orders.models import Order, OrderPerson
from cabinet.privacy import tombstone_file
from cabinet.privacy.erasing import run
from cabinet.privacy.erasures import Erasure, State
from cabinet.privacy.models import RestrictedReference
from tests.faults import test_f01_killed_while_erasing as f01
from tests.faults.test_f01_killed_while_erasing import dump

stage = f01.stage  # the fixture

ROOM = 64 << 10  # bytes


@pytest.fixture
def on_sqlite(database):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL's room is its server's; here it is SQLite's file that grows.")


@pytest.fixture
def disk(tmp_path):
    """Return a function that mounts a disk of so many bytes; its folder."""
    folder = tmp_path / "disk"

    def mount(size):
        folder.mkdir()
        if subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], capture_output=True
        ).returncode:
            pytest.skip("No right to mount a disk here.")
        return folder

    yield mount
    subprocess.run(["umount", "--lazy", folder], capture_output=True)


def fill(folder, leaving=0):
    """Fill the disk but for so many bytes; the file that has to go."""
    junk = folder / "junk"
    free = os.statvfs(folder).f_bavail * os.statvfs(folder).f_frsize
    junk.write_bytes(b"\0" * (free - leaving))
    return junk


def leave(pages):
    """Leave the database so many pages to grow by."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.execute("VACUUM")
        count = cursor.execute("PRAGMA page_count").fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {count + pages}")


def lay_with_much_to_remember(stage):
    """Lay a person whose erasure must write more than it frees before the first row goes."""
    pk = stage(False)
    customer = Erasure.objects.get(pk=pk).customer
    Address.objects.bulk_create(
        Address(customer=customer, city="Алматы", street=f"{number} {'Қ' * 190}") for number in range(15)
    )
    return pk


def assert_nothing_half():
    """Each name stands at its order or under lock, and no order without a name is somebody's."""
    there = set(OrderPerson.objects.values_list("order__number", flat=True))
    locked = set(RestrictedReference.objects.values_list("reference", flat=True))
    assert not there & locked and there | locked == set(Order.objects.values_list("number", flat=True))
    assert Erasure.objects.get().state in {State.REQUESTED, State.RUNNING}


def test_f08_an_erasure_stops_at_a_full_database_and_goes_on_with_room(on_sqlite, stage):
    run(lay_with_much_to_remember(stage))
    whole, stopped = dump(), 0
    for pages in range(0, 40, 5):
        pk = lay_with_much_to_remember(stage)
        leave(pages)
        try:
            run(pk)
            break
        except OperationalError as error:
            assert "full" in str(error)
        stopped += 1
        assert_nothing_half()
        leave(1 << 20)
        run(pk)
        assert dump() == whole
    assert stopped and Erasure.objects.get().state == State.DONE


def test_f08_an_erasure_stops_at_a_full_disk_and_goes_on_with_room(
    on_sqlite, stage, disk, django_db_setup, monkeypatch
):
    run(stage(False))
    whole = dump()
    folder = disk(django_db_setup.template.stat().st_size + (4 << 20))
    with monkeypatch.context() as patched:
        patched.setattr(django_db_setup, "path", folder / "kelisim.sqlite3")
        pk = stage(False)
        junk = fill(folder, leaving=ROOM)
        with pytest.raises(OperationalError):
            run(pk)
        assert_nothing_half()
        junk.unlink()
        run(pk)
        assert dump() == whole
        django_db_setup.drop()


@pytest.fixture(params=["a full disk", "a file that takes half a line"])
def no_room(request, settings, disk, monkeypatch):
    """No room for the tombstones; a function that makes room."""
    if request.param == "a full disk":
        folder = disk(ROOM)
        settings.TOMBSTONES = folder / "tombstones.jsonl"
        yield lambda: fill(folder).unlink
        return

    def write_half(file, data):
        if len(data) > 40:
            return write(file, data[:40])
        raise OSError(errno.ENOSPC, "No space left on device")

    write = os.write

    def take_room():
        patched.setattr(tombstone_file.os, "write", write_half)
        return patched.undo

    with monkeypatch.context() as patched:
        yield take_room


def test_f08_without_room_for_its_tombstone_nothing_goes(stage, no_room, settings):
    run(stage(False))
    whole = dump()
    pk = stage(False)
    make_room = no_room()
    for _again in range(2):
        with pytest.raises(OSError, match="No space"):
            run(pk)
        assert OrderPerson.objects.count() == 3 and Erasure.objects.get().state != State.DONE
    make_room()
    run(pk)
    assert dump() == whole
    assert [mark.kind for mark in tombstone_file.read(settings.TOMBSTONES).marks].count("erasure") == 1

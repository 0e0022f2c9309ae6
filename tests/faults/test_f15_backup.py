"""f15: a backup is made in flight, put back, and what people did since is done again (trust.md, i12)."""

from __future__ import annotations

import io
import json
import os
import shutil
import stat
import tarfile
import threading
import time

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from cabinet.audit.models import Event
from cabinet.audit.recording import record
from cabinet.audit.verifying import verify_chain
from cabinet.consents.consenting import unsubscribe, withdraw
from cabinet.consents.models import ConsentReceipt
from cabinet.customers.models import Customer, User
from cabinet.privacy import gate, tombstones
from cabinet.privacy.backups import back_up, prune, verified
from cabinet.privacy.databases import CannotCopy
from cabinet.privacy.models import IdleWarning
from tests.cabinet.consents.conftest import agree, composed, policy, shop  # noqa: F401  (fixtures)
from tests.cabinet.privacy.conftest import erased  # noqa: F401  (fixture)

pytestmark = pytest.mark.usefixtures("committed_db")


@pytest.fixture(autouse=True)
def what_it_needs(monkeypatch):
    if connection.vendor == "postgresql" and not shutil.which("pg_dump"):
        pytest.skip("No pg_dump on PATH, so backups of PostgreSQL were not tried.")
    monkeypatch.setattr(gate, "watch", gate.Watch())


def opened(email: str) -> Customer:
    """Open an account and record it, both or neither."""
    with transaction.atomic():
        user = User.objects.create_user(email, "a long walk by the sea")
        customer = Customer.objects.create(user=user, language="ru")
        record("customers.account.opened", subject=customer.subject)
    return customer


@pytest.fixture
def file(tmp_path, aigerim, settings):
    """A backup of a site with one customer and one upload."""
    settings.MEDIA_ROOT = tmp_path / "media"
    (settings.MEDIA_ROOT / "seals").mkdir(parents=True)
    (settings.MEDIA_ROOT / "seals" / "one.txt").write_text("an upload")
    return back_up(tmp_path / "backup.tar")


class Busy:
    """A site on which accounts are being opened all the time."""

    def __init__(self):
        self.count, self.leave = 0, threading.Event()
        self.threads = [threading.Thread(target=self.go_on, args=(number,)) for number in range(2)]

    def go_on(self, number):
        while not self.leave.wait(0.002):
            opened(f"customer{number}-{self.count}@customer.example")
            self.count += 1
        connections.close_all()

    def wait(self, more=3):
        until, pause = self.count + more, threading.Event()
        while self.count < until and any(thread.is_alive() for thread in self.threads):
            pause.wait(0.01)

    def stop(self):
        self.leave.set()
        for thread in self.threads:
            thread.join(timeout=30)


@pytest.fixture
def busy():
    site = Busy()
    for thread in site.threads:
        thread.start()
    yield site
    site.stop()


def erase(customer):
    """Erase as the room that erases will: gone, marked, and done when the disk knows."""
    with transaction.atomic():
        tombstones.write("erasure", customer.subject)
        customer.user.delete()
    tombstones.flush()


def put_back(file):
    out = io.StringIO()
    call_command("restore", str(file), yes=True, stdout=out, stderr=out)
    gate.watch.until = 0.0
    return out.getvalue()


def page():
    return Client().get("/ru/accounts/login/").status_code


def reapply():
    call_command("reapply_erasures", stdout=io.StringIO())
    gate.watch.until = 0.0


def test_f15_from_backup_to_replay(tmp_path, aigerim, boris, agree, erased, busy):  # noqa: F811
    agree(boris, "bonuses")
    agree(boris, "news.prices", "email")
    busy.wait()
    file = back_up(tmp_path)
    busy.wait()
    erase(aigerim.customer)
    opened("aigerim@customer.example")  # she comes back, as somebody else
    withdraw(customer=boris.customer, purpose="bonuses")
    unsubscribe(customer=boris.customer, channel="letter")
    later = back_up(tmp_path / "later.tar")
    busy.stop()

    assert "3 deletions and withdrawals" in put_back(file)
    assert Customer.objects.filter(subject=aigerim.customer.subject).exists()
    assert page() == 503
    reapply()
    assert page() == 200
    assert erased == [str(aigerim.customer.subject)]
    standing = ConsentReceipt.objects.of(boris.customer.subject).standing()
    assert not standing.filter(given=True, purpose__in=["bonuses", "news.prices"]).exists()
    assert verify_chain([]).sequence == Event.objects.count()

    assert "reapply" not in put_back(later)
    assert page() == 200
    reapply()
    assert Customer.objects.filter(user__email="aigerim@customer.example").count() == 1
    assert erased == [str(aigerim.customer.subject)]


def test_f15_a_backup_in_flight_is_of_one_moment(tmp_path, busy):
    busy.wait()
    files = [back_up(tmp_path / f"{number}.tar") for number in range(3)]
    busy.wait()
    busy.stop()
    for file in files:
        assert verified(file)["engine"] == connection.vendor
    put_back(files[1])
    count = Customer.objects.count()
    assert 3 <= count < busy.count
    assert count == User.objects.count() == Event.objects.filter(name="customers.account.opened").count()
    assert verify_chain([]).sequence == Event.objects.count()


def test_f15_a_backup_is_its_owners_alone(file):
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert {path.name for path in file.parent.iterdir()} == {"media", "backup.tar"}


def test_old_backups_go_and_nothing_else_does(tmp_path, settings):
    settings.BACKUP_DAYS = 14
    new, old, foreign = (tmp_path / name for name in ("kelisim-new.tar", "kelisim-old.tar", "other.tar"))
    for path, days in ((new, 13), (old, 15), (foreign, 15)):
        path.write_text("")
        os.utime(path, (time.time() - days * 86400,) * 2)
    assert prune(tmp_path) == 1
    assert {path.name for path in tmp_path.iterdir()} == {new.name, foreign.name}


def test_f15_uploads_come_back(file, settings):
    upload = settings.MEDIA_ROOT / "seals" / "one.txt"
    upload.unlink()
    put_back(file)
    assert upload.read_text() == "an upload"


def test_f15_whoever_was_told_before_the_backup_is_told_anew(tmp_path, aigerim):
    now = timezone.now()
    IdleWarning.objects.create(customer=aigerim.customer, first_at=now, last_at=now, ends_at=now)
    put_back(back_up(tmp_path / "warned.tar"))
    assert Customer.objects.filter(pk=aigerim.customer.pk).exists() and not IdleWarning.objects.exists()


def tampered(file, change):
    """Return a backup in which the files are what `change` makes of them."""
    target = file.with_name("other.tar")
    with tarfile.open(file) as old, tarfile.open(target, "w") as new:
        for name, data in change({info.name: old.extractfile(info).read() for info in old}).items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            new.addfile(info, io.BytesIO(data))
    return target


def told(files, **changes):
    manifest = {**json.loads(files["manifest.json"]), **changes}
    return {**files, "manifest.json": json.dumps(manifest).encode()}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda files: {**files, "media/seals/one.txt": b"another"}, "damaged"),
        (lambda files: {name: data for name, data in files.items() if not name.startswith("media")}, "damaged"),
        (lambda files: {**files, "media/two.txt": b"put in"}, "damaged"),
        (lambda files: {**files, "../out.txt": b"out of its place"}, "no backup"),
        (lambda files: {name: data for name, data in files.items() if name != "manifest.json"}, "no backup"),
        (lambda files: told(files, migrations=[["privacy", "0099_of_next_year"]]), "newer release"),
        (lambda files: told(files, engine="oracle"), "oracle"),
    ],
)
def test_f15_a_backup_that_does_not_fit_changes_nothing(file, change, words):
    User.objects.create_user("boris@customer.example")
    with pytest.raises(CommandError, match=words):
        put_back(tampered(file, change))
    assert User.objects.count() == 2


def test_f15_half_a_file_is_no_backup(file):
    half = file.with_name("half.tar")
    half.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    with pytest.raises(CannotCopy, match="backup"):
        verified(half)


def test_f15_a_failure_leaves_no_half_a_backup(tmp_path, monkeypatch, settings):
    from cabinet.privacy import backups

    def fail(target):
        raise CannotCopy("The disk is full.")

    monkeypatch.setattr(backups, "copy_out", fail)
    with pytest.raises(CommandError, match="No backup was made"):
        call_command("backup", str(tmp_path / "backup.tar"))
    assert list(tmp_path.iterdir()) == []


def test_f15_a_cut_file_of_tombstones_is_noticed(tmp_path, aigerim, boris, erased, settings):  # noqa: F811
    for user in (aigerim, boris):
        erase(user.customer)
    file = back_up(tmp_path)
    lines = settings.TOMBSTONES.read_bytes().splitlines(keepends=True)
    settings.TOMBSTONES.write_bytes(lines[0])
    assert "was cut" in put_back(file)


def test_f15_a_machine_of_its_own_gets_the_tombstones_of_the_backup(tmp_path, aigerim, settings):
    erase(aigerim.customer)
    file = back_up(tmp_path)
    kept = settings.TOMBSTONES.read_bytes()
    settings.TOMBSTONES.unlink()
    put_back(file)
    assert settings.TOMBSTONES.read_bytes() == kept
    assert page() == 200


def test_f15_a_restore_by_other_tools_is_noticed_too(tmp_path, aigerim, erased):  # noqa: F811
    from cabinet.privacy.databases import copy_in, copy_out

    copy = tmp_path / "by-hand"
    copy_out(copy)
    erase(aigerim.customer)
    assert page() == 200
    copy_in(copy)
    gate.watch.until = 0.0  # as five seconds later
    assert page() == 503
    reapply()
    assert (page(), erased) == (200, [str(aigerim.customer.subject)])


def test_f15_the_table_of_tombstones_is_younger_than_some_backups(file, settings, aigerim):
    MigrationRecorder(connection).record_unapplied("privacy", "0001_tombstones")
    file = back_up(file.with_name("old.tar"))
    MigrationRecorder(connection).record_applied("privacy", "0001_tombstones")
    erase(aigerim.customer)
    said = put_back(file)
    assert "manage.py migrate" in said
    assert "1 deletions" in said

"""f08: no room for a copy (trust.md). It fails cleanly, the page says so, nothing half-made stays, and again works."""

from __future__ import annotations

import errno
import io
import secrets
import subprocess

import pytest

from cabinet.audit.models import Event
from cabinet.privacy import archive, copies
from cabinet.privacy.data_copies import DataCopy, Stage, Trouble
from cabinet.privacy.making_copies import make_copy
from tests.cabinet.privacy.conftest import PAGE, confirmed

ROOM = 4 << 20  # bytes
NOISE = secrets.token_bytes(5 << 20)  # does not shrink


class FullFile(io.FileIO):
    """A file on a disk that has room for four megabytes."""

    def write(self, content):
        if self.tell() + len(content) > ROOM:
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().write(content)


@pytest.fixture(params=["a disk of four megabytes", "files that take four megabytes"])
def small(request, settings, tmp_path, monkeypatch):
    """A folder with little room: on a tmpfs, where one can be mounted, and by the files themselves everywhere."""
    settings.COPIES_DIR = tmp_path / "small"
    settings.COPIES_DIR.mkdir()
    if request.param.startswith("files"):
        monkeypatch.setattr(archive.os, "fdopen", lambda number, mode: FullFile(number, mode))
        yield settings.COPIES_DIR
        return
    command = ["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", settings.COPIES_DIR]
    if subprocess.run(command, capture_output=True).returncode:
        pytest.skip("No right to mount a disk here.")
    yield settings.COPIES_DIR
    subprocess.run(["umount", "--lazy", settings.COPIES_DIR], check=True)


def test_f08_a_full_disk_is_told_plainly_and_again_works(site_ru, aigerim, small, monkeypatch):
    client, close = confirmed(aigerim), archive.Archive.close

    def close_with_noise(self, **facts):
        self.add("noise", NOISE)
        close(self, **facts)

    client.post(PAGE)
    with monkeypatch.context() as patched:
        patched.setattr(archive.Archive, "close", close_with_noise)
        make_copy(DataCopy.objects.get().pk)
    copy = DataCopy.objects.get()
    assert (copy.stage, copy.trouble) == (Stage.FAILED, Trouble.DISK)
    assert list(small.iterdir()) == []
    assert "notice--warning" in client.get(PAGE).text
    assert not Event.objects.filter(name="privacy.copy.ready").exists()

    assert client.post(PAGE).status_code == 303
    make_copy(DataCopy.objects.building().get().pk)
    assert copies.latest(aigerim.customer).is_ready

"""What holds data belongs to whoever runs Kelisim, and to nobody else on the machine."""

from __future__ import annotations

import os
import stat

import pytest

from tests import running
from tests.config.test_settings import started


@pytest.fixture
def mask():
    before = os.umask(0o022)
    yield
    os.umask(before)


def rights(path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_folder_of_data_is_made_for_its_owner_alone(tmp_path):
    folder = tmp_path / "new" / "data"
    told = started("import config.settings", DEBUG="1", DATA_DIR=str(folder))
    assert told.returncode == 0, told.stderr
    assert rights(folder) == 0o700


@pytest.mark.parametrize(("already", "asked", "left"), [(0o022, 0o077, 0o600), (0o077, 0o027, 0o600)])
def test_kelisim_narrows_rights_and_never_widens_them(mask, tmp_path, already, asked, left):
    os.umask(already)
    running.kelisim().narrow(asked)
    (tmp_path / "file").write_text("data")
    assert rights(tmp_path / "file") == left


def test_run_prepares_its_data_for_its_owner_alone(mask, tmp_path, monkeypatch):
    module = running.kelisim()
    for name in ("made_environment", "compiled_messages", "refuse_taken_port", "welcome", "become"):
        monkeypatch.setattr(module, name, lambda *arguments: None)
    monkeypatch.setattr(module, "prepared_database", lambda surroundings: (tmp_path / "data").write_text("x"))
    module.run(["--port", "8999"])
    assert rights(tmp_path / "data") == 0o600

"""The executable: what it says when something stands in the way."""

from __future__ import annotations

import ast
import re
import socket
import subprocess
import sys
import types

import pytest

from tests.databases import ROOT
from tests.running import kelisim as load


@pytest.fixture
def kelisim(tmp_path, monkeypatch) -> types.ModuleType:
    """The executable as a module, in a project folder of its own."""
    module = load()
    places = {
        "ROOT": tmp_path,
        "VENV": tmp_path / ".venv",
        "PYTHON": tmp_path / ".venv/bin/python",
        "STAMP": tmp_path / ".venv/kelisim-stamp",
        "TOOLS": tmp_path / ".tools",
        "CATALOGUES": tmp_path / "locale",
        "LOCKS": {kind: tmp_path / path.name for kind, path in module.LOCKS.items()},
    }
    for name, place in places.items():
        monkeypatch.setattr(module, name, place)
    for kind, path in module.LOCKS.items():
        path.write_text(f"{kind} set")
    for name in ("DEBUG", "SECRET_KEY", "ALLOWED_HOSTS", "SITE_URL", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    return module


WAIT = """
from pathlib import Path
from tests.running import kelisim
module = kelisim()
module.TOOLS = Path("%s")
with module.alone("another thing"):
    pass
"""


def asked(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "kelisim", *words], cwd=ROOT, capture_output=True, text=True, timeout=120)


def make_environment(kelisim: types.ModuleType, stamp: str) -> None:
    kelisim.PYTHON.parent.mkdir(parents=True)
    kelisim.PYTHON.touch()
    if stamp:
        kelisim.STAMP.write_text(stamp)


def test_help_says_a_sentence_for_each_command():
    told = asked("help")
    assert told.returncode == 0
    lines = told.stdout.splitlines()
    for name in ("run", "test", "lint", "types", "messages", "bench", "soak", "lock", "install", "manage", "help"):
        assert any(line.startswith(f"  {name} ") and line.endswith(".") for line in lines)


def test_no_word_at_all_shows_help():
    assert asked().stdout == asked("--help").stdout == asked("help").stdout


def test_an_unknown_command_shows_help_and_exits_2():
    told = asked("fly")
    assert told.returncode == 2
    assert "Usage:" in told.stdout
    assert "“fly”" in told.stderr


@pytest.mark.parametrize(
    "words", [["--port", "none"], ["--port", "0"], ["--port", "70000"], ["--colour", "red"], ["on"]]
)
def test_run_refuses_words_it_does_not_know(words):
    told = asked("run", *words)
    assert told.returncode == 2
    assert told.stderr.startswith("usage: ./kelisim run")


def test_a_taken_port_is_one_sentence_with_a_free_one():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        told = asked("run", "--port", str(port))
    assert told.returncode == 1
    assert told.stdout == ""
    assert told.stderr.startswith(f"kelisim: Port {port} is taken; try ./kelisim run --port ")


def test_an_address_of_another_machine_is_one_sentence():
    told = asked("run", "--host", "192.0.2.1")
    assert (told.returncode, told.stdout, told.stderr.count("\n")) == (1, "", 1)


def test_soak_plays_the_machine():
    told = asked("soak", "--collect-only", "--quiet")
    assert (told.returncode, "test_whatever_happens_the_invariants_hold" in told.stdout) == (0, True), told.stderr


def test_an_old_python_without_a_newer_one_is_one_sentence(kelisim, monkeypatch):
    monkeypatch.setattr(kelisim, "newer_python", lambda: None)
    with pytest.raises(kelisim.Stop, match=r"needs Python 3\.11 or newer; this is 3\.9\.$"):
        kelisim.use_new_python((3, 9, 2))


def test_an_old_python_hands_over_to_a_newer_one(kelisim, monkeypatch):
    taken = []
    monkeypatch.setattr(kelisim, "newer_python", lambda: "/usr/bin/python3.12")
    monkeypatch.setattr(kelisim.os, "execv", lambda path, words: taken.append(words[:2]))
    kelisim.use_new_python((3, 9, 2))
    assert taken == [["/usr/bin/python3.12", str(kelisim.ROOT / "kelisim")]]


def test_an_old_python_can_read_the_executable():
    ast.parse((ROOT / "kelisim").read_text(), feature_version=(3, 7))


def test_a_finished_environment_is_taken_as_it_is(kelisim):
    make_environment(kelisim, kelisim.fingerprint_of("run"))
    assert kelisim.environment_fits("run")
    assert not kelisim.environment_fits("dev")


def test_a_larger_environment_serves_a_smaller_need(kelisim):
    make_environment(kelisim, kelisim.fingerprint_of("server"))
    assert kelisim.environment_fits("run")
    assert not kelisim.environment_fits("dev")


@pytest.fixture
def installed(kelisim, monkeypatch) -> list[str]:
    """What would have been installed; nothing is."""
    kinds: list[str] = []
    monkeypatch.setattr(kelisim, "found_uv", lambda: "uv")

    def install(uv: str, kind: str) -> None:
        kelisim.PYTHON.parent.mkdir(parents=True, exist_ok=True)
        kelisim.PYTHON.touch()
        kinds.append(kind)

    monkeypatch.setattr(kelisim, "install_with_uv", install)
    return kinds


def test_a_half_made_environment_is_made_anew_and_says_so(kelisim, installed, capsys):
    make_environment(kelisim, stamp="")
    (kelisim.VENV / "rest").touch()
    kelisim.made_environment("run")
    assert "half made" in capsys.readouterr().out
    assert not (kelisim.VENV / "rest").exists()
    assert kelisim.environment_fits("run")


def test_a_changed_lock_keeps_the_test_tools(kelisim, installed):
    make_environment(kelisim, kelisim.fingerprint_of("dev"))
    kelisim.LOCKS["dev"].write_text("other versions")
    kelisim.made_environment("run")
    assert installed == ["dev"]


def test_an_interrupted_installation_leaves_no_stamp(kelisim, installed, monkeypatch):
    def interrupted(uv: str, kind: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(kelisim, "install_with_uv", interrupted)
    with pytest.raises(KeyboardInterrupt):
        kelisim.made_environment("run")
    assert kelisim.stamp() == ""


def test_no_network_is_one_sentence(kelisim):
    with pytest.raises(kelisim.Stop, match=r"could not be fetched. Is this machine online\?"):
        kelisim.fetched([sys.executable, "-c", "raise SystemExit('no route to host')"])


def test_neither_uv_nor_pip_nor_venv_is_one_sentence(kelisim, monkeypatch):
    monkeypatch.setattr(kelisim, "works", lambda command: False)
    with pytest.raises(kelisim.Stop, match="neither pip nor venv"):
        kelisim.install_with_pip("run")


@pytest.mark.parametrize(
    ("given", "debug"),
    [({}, "1"), ({"DEBUG": "0"}, "0"), ({"SECRET_KEY": "of a real site"}, None)],
)
def test_debug_is_on_unless_somebody_decided(kelisim, given, debug):
    assert kelisim.defaults(given).get("DEBUG") == debug


def test_the_env_file_decides_too(kelisim):
    (kelisim.ROOT / ".env").write_text("# DEBUG=1\nDEBUG = '0'\n")
    assert "DEBUG" not in kelisim.defaults({})
    assert kelisim.run_environment("127.0.0.1", 8000)["DEBUG"] == "0"


def test_an_open_host_allows_its_names_and_warns(kelisim, capsys):
    surroundings = kelisim.run_environment("0.0.0.0", 8000)
    assert surroundings["ALLOWED_HOSTS"] == "*"
    kelisim.welcome("0.0.0.0", 8000, {**surroundings, "DATA_DIR": "/nowhere"})
    assert "everybody who reaches this machine" in capsys.readouterr().out


def test_the_demo_people_are_named_with_their_passwords():
    from cabinet.customers.demo import PEOPLE

    named = [(p.email, p.password, f"{p.first_name} {p.last_name}") for p in PEOPLE]
    staff, customers = load().demo_people()
    assert [*staff, *customers] == named
    assert [len(staff), len(customers)] == [sum(p.is_staff for p in PEOPLE), sum(not p.is_staff for p in PEOPLE)]


def test_each_of_the_demo_people_is_named_under_the_door_they_sign_in_at(capsys):
    load().welcome("127.0.0.1", 8000, {"DEBUG": "1"})
    _places, admin, cabinet = re.split("(?m)^Sign in at ", capsys.readouterr().out)
    assert admin.startswith("/admin/") and "dana@" in admin and "aigerim@" not in admin
    assert (
        cabinet.startswith("/ru/cabinet/") and "aigerim@" in cabinet and "boris@" in cabinet and "dana@" not in cabinet
    )


def test_a_newer_source_makes_a_catalogue_stale(kelisim, tmp_path):
    po = tmp_path / "django.po"
    po.touch()
    assert kelisim.is_stale(po)
    po.with_suffix(".mo").touch()
    later = po.stat().st_mtime + 5
    kelisim.os.utime(po.with_suffix(".mo"), (later, later))
    assert not kelisim.is_stale(po)


def test_two_starts_wait_for_each_other(kelisim, capsys):
    with kelisim.alone("one thing"):
        program = WAIT % str(kelisim.TOOLS)
        other = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE)
        said = other.stdout.readline()
    other.wait(timeout=60)
    assert b"waiting for it" in said
    assert other.returncode == 0


@pytest.mark.parametrize(
    ("given", "shown"),
    [({"DEBUG": "1"}, True), ({"DEBUG": "1", "EMAIL_URL": "smtp://h"}, False), ({"DEBUG": "0"}, False)],
)
def test_where_the_demos_letters_stand_is_said_where_there_is_no_mail_server(capsys, given, shown):
    load().welcome("127.0.0.1", 8000, given)
    assert ("/ru/letters/" in capsys.readouterr().out) is shown

"""The second `./kelisim run` on a machine: how fast it is ready, and what it leaves behind (speed.md, p10)."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from subprocess import PIPE

import pytest

from tests.databases import DEMO, ROOT, sqlite_template
from tests.running import free_port, wait_for
from tests.running import kelisim as load


@pytest.fixture
def home_made(tmp_path) -> dict[str, str]:
    """The environment of a machine on which Kelisim has run before; all it says wins over a developer's .env."""
    outside = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "PYTEST_VERSION") if name in os.environ}
    shutil.copyfile(sqlite_template(DEMO), tmp_path / "kelisim.sqlite3")
    demo = {"DEBUG": "1", "HTTPS": "0", "REDIS_URL": "", "ALLOWED_HOSTS": "127.0.0.1", "LANGUAGE_CODE": "ru"}
    files = {"DATA_DIR": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path / 'kelisim.sqlite3'}"}
    surroundings = {**outside, **demo, **files}
    (tmp_path / "prepared").write_text(load().migrations_fingerprint(surroundings))
    return surroundings


# The five seconds of speed.md, p10, are those of a quiet machine; a busy one adds to the clock on the wall. So what
# is held here is work: a start costs a fifth more than loading the application does, and four times with migrating.
SECOND_START = 2.5  # times the processor time of `import config.wsgi`


@dataclass
class Start:
    """One `./kelisim run`, from its beginning to its end."""

    seconds: float
    work: float  # processor seconds, of all its processes
    said: str
    session: int
    port: int


def work_of_children() -> float:
    """Return the processor seconds of all processes that have ended below this one."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run_until_ready(surroundings: dict[str, str], number: int) -> Start:
    """Start the site, wait for /readyz, stop it with the signal."""
    port = free_port()
    command = [sys.executable, "kelisim", "run", "--port", str(port)]
    begun, before = time.monotonic(), work_of_children()
    with subprocess.Popen(command, cwd=ROOT, env=surroundings, stdout=PIPE, start_new_session=True) as server:
        try:
            wait_for(f"http://127.0.0.1:{port}/readyz", server, ROOT / "README.md")
            seconds = time.monotonic() - begun
            server.send_signal(number)
            server.wait(timeout=60)
        finally:
            if server.poll() is None:
                os.killpg(server.pid, signal.SIGKILL)
        return Start(seconds, work_of_children() - before, server.stdout.read().decode(), server.pid, port)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_p10_ctrl_c_leaves_nothing(home_made, number):
    start = run_until_ready(home_made, number)
    assert "migrations" not in start.said
    assert f"http://127.0.0.1:{start.port}/ru/privacy/" in start.said
    assert is_gone(start.session)
    assert load().is_free("127.0.0.1", start.port)


def test_p10_a_second_start_does_little_but_load_the_application(home_made, record_property):
    before = work_of_children()
    command = [sys.executable, "-c", "import config.wsgi"]
    subprocess.run(command, cwd=ROOT, env=load().server_environment(home_made), check=True)
    loading = work_of_children() - before
    start = run_until_ready(home_made, signal.SIGINT)
    told = f"{start.seconds:.1f}; processor {start.work:.1f}, of which loading {loading:.1f}"
    record_property("p10, seconds until a second start is ready", told)
    assert start.work <= SECOND_START * loading, told


def is_gone(session: int) -> bool:
    """Say whether no process of the session is left."""
    try:
        os.killpg(session, 0)
    except ProcessLookupError:
        return True
    return False

"""A running site for browser tests: the real server, its own data, a free port."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

from tests.databases import DEMO, ROOT, sqlite_template

DATABASE = "kelisim.sqlite3"
PATIENCE = 90  # seconds until a server that does not answer counts as failed
# The same Chromium without its windows comes first: it takes three fifths of the processor.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
QUIET = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def kelisim() -> ModuleType:
    """Return the executable `kelisim` as a module."""
    loader = SourceFileLoader("kelisim", str(ROOT / "kelisim"))
    module = module_from_spec(spec_from_loader("kelisim", loader))  # type: ignore[arg-type]
    loader.exec_module(module)
    return module


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def browser_path() -> str | None:
    """Return where the machine's Chromium is, if it has one."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


@contextmanager
def site_at(folder: Path, ready: str = "/readyz", **environment: str) -> Iterator[str]:
    """Serve the demo, or what stands in the folder already, and yield its address; end the server afterwards."""
    if not (folder / DATABASE).exists():
        shutil.copyfile(sqlite_template(DEMO), folder / DATABASE)
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    surroundings = surroundings_of(folder, SITE_URL=url, **environment)
    # Beside the site's data: letters that are printed instead of sent must not count as its files.
    said = folder.with_name(f"{folder.name}.log")
    with said.open("w") as log:
        server = subprocess.Popen(
            kelisim().server_command("127.0.0.1", port), cwd=ROOT, env=surroundings, stdout=log, stderr=log
        )
    try:
        wait_for(f"{url}{ready}", server, said)
        yield url
    finally:
        server.terminate()
        server.wait(timeout=PATIENCE)


def surroundings_of(folder: Path, **environment: str) -> dict[str, str]:
    """Return the environment of a server or command that works on the site in this folder."""
    surroundings = {"DEBUG": "1", "DATA_DIR": str(folder), "LOG_LEVEL": "WARNING", **environment}
    surroundings.setdefault("DATABASE_URL", f"sqlite:///{folder / DATABASE}")
    return kelisim().server_environment({**os.environ, **surroundings})  # type: ignore[no-any-return]


def command(folder: Path, *words: str) -> str:
    """Run a Python command, such as `manage.py backup`, on the site in this folder; return what it said."""
    done = subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        env=surroundings_of(folder),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(words)}: exit {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


def wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    """Return when the address answers; raise RuntimeError with the server's last words when it never does."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and server.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"The server did not answer at {url}:\n{log.read_text()[-3000:]}")

"""A running site for browser tests: the real server, its own data, a free port."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

from tests.databases import DEMO, ROOT, sqlite_template

PATIENCE = 90  # seconds until a server that does not answer counts as failed
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
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
def site_at(folder: Path, **environment: str) -> Iterator[str]:
    """Serve the demo from a folder of its own and yield its address; end the server afterwards."""
    shutil.copyfile(sqlite_template(DEMO), folder / "kelisim.sqlite3")
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    surroundings = {"DEBUG": "1", "DATA_DIR": str(folder), "SITE_URL": url, "LOG_LEVEL": "WARNING", **environment}
    surroundings.setdefault("DATABASE_URL", f"sqlite:///{folder / 'kelisim.sqlite3'}")
    module = kelisim()
    with (folder / "server.log").open("w") as log:
        server = subprocess.Popen(
            module.server_command("127.0.0.1", port),
            cwd=ROOT,
            env=module.server_environment({**os.environ, **surroundings}),
            stdout=log,
            stderr=log,
        )
    try:
        wait_for(f"{url}/readyz", server, folder / "server.log")
        yield url
    finally:
        server.terminate()
        server.wait(timeout=PATIENCE)


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

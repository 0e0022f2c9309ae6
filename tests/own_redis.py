"""A Redis of a test's own, which it may stop, halt and start."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from tests.running import free_port

PATIENCE = 60  # seconds


class OwnRedis:
    """Runs from the moment it is made; skips the test, or fails it with REQUIRE_REDIS=1, where there is none."""

    def __init__(self, folder: Path) -> None:
        program = shutil.which("redis-server")
        if program is None:
            if os.environ.get("REQUIRE_REDIS") == "1":
                pytest.fail("REQUIRE_REDIS=1, but no redis-server is on PATH.")
            pytest.skip("No redis-server on PATH, so nothing was tried in one.")
        self.port = free_port()
        self.command = [program, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.start()

    def start(self) -> None:
        """Start it, anew where it was ended."""
        self.server = subprocess.Popen(self.command, stdout=subprocess.DEVNULL)

    def halt(self) -> None:
        """Let it take what it is sent and answer nothing."""
        self.server.send_signal(signal.SIGSTOP)

    def end(self) -> None:
        """End it, halted or not."""
        self.server.send_signal(signal.SIGCONT)
        self.server.terminate()
        self.server.wait(PATIENCE)

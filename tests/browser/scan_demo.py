"""The demo is scanned as an operator would scan a shop."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.databases import ROOT


def scan(folder: Path, url: str, *options: str, **kwargs: object) -> subprocess.CompletedProcess[str]:
    """Run scan_cookies in a process of its own against the declarations in the folder's database."""
    data = {"DATA_DIR": str(folder), "DATABASE_URL": f"sqlite:///{folder / 'kelisim.sqlite3'}", "DEBUG": "1"}
    command = [sys.executable, "manage.py", "scan_cookies", f"--url={url}", *options]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **data}, text=True, check=False, **kwargs)

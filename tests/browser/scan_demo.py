"""`python -m tests.browser.scan_demo [--pages=8]`: serve the demo for a moment and scan it as an operator would."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.databases import ROOT
from tests.running import site_at


def scan(folder: Path, url: str, *options: str, **kwargs: object) -> subprocess.CompletedProcess[str]:
    """Run scan_cookies in a process of its own against the declarations in the folder's database."""
    data = {"DATA_DIR": str(folder), "DATABASE_URL": f"sqlite:///{folder / 'kelisim.sqlite3'}", "DEBUG": "1"}
    command = [sys.executable, "manage.py", "scan_cookies", f"--url={url}", *options]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **data}, text=True, check=False, **kwargs)


def main() -> int:
    """Scan every page; return the command's own verdict."""
    with tempfile.TemporaryDirectory(prefix="kelisim-scan-") as folder, site_at(Path(folder)) as url:
        return scan(Path(folder), url, *sys.argv[1:]).returncode


if __name__ == "__main__":
    sys.exit(main())

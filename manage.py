#!/usr/bin/env python3
"""Django's command line, with `site/` as a source root (DECISIONS.md, 1)."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path

# Objects made before the collector looks for garbage among them, for as long as the command runs. By Python's own 700
# what is being loaded, and never becomes garbage, is walked so often that it is a sixth of a command's start.
YOUNG = 50_000


def main() -> None:
    """Run the command named on the command line."""
    gc.set_threshold(YOUNG)
    # Position 1, behind the script's own folder: `import site` stays the standard library's.
    sys.path.insert(1, str(Path(__file__).resolve().parent / "site"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()

"""Django for the suite, set up in the same environment on every machine.

Imported before anything that needs Django. Of all that .env.example names, only the databases may come from outside.
"""

from __future__ import annotations

import gc
import os
import re
from pathlib import Path

import django

EXAMPLE = Path(__file__).resolve().parents[1] / ".env.example"
FROM_OUTSIDE = {"DATABASE_URL", "REDIS_URL"}

for name in re.findall(r"^#? ?([A-Z_]+)=", EXAMPLE.read_text(), re.MULTILINE):
    if name not in FROM_OUTSIDE:
        os.environ.pop(name, None)
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
gc.disable()  # until all tests are loaded: conftest.pytest_collection_finish
django.setup()

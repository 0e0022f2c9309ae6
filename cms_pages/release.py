"""Which release this is: processes that show the same things alike have the same one."""

from __future__ import annotations

import hashlib
import hmac
import json
from functools import cache
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.utils.functional import Promise

ROOT = Path(__file__).resolve().parents[1]
OURS = ("cms_pages", "cabinet", "site")
SHOWN = {".py", ".html", ".mo", ".svg"}


@cache
def release() -> str:
    """Return a name for the code, the templates, the words, the libraries and the settings of this process.

    Secret by the key of the site, for settings are part of it. Asked first when a process starts.
    """
    parts = hmac.new(settings.SECRET_KEY.encode(), digestmod=hashlib.sha256)
    for part in (*_files(), *_libraries(), _settings()):
        parts.update(part)
    return parts.hexdigest()[:16]


def _files() -> list[bytes]:
    found = sorted(file for room in OURS for file in (ROOT / room).rglob("*") if file.suffix in SHOWN)
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    return [hashlib.sha256(file.read_bytes()).digest() for file in (*found, manifest) if file.is_file()]


def _libraries() -> list[bytes]:
    """Return the folders in which libraries are installed; their names bear their versions."""
    return sorted(entry.name.encode() for entry in Path(django.__file__).parents[1].iterdir())


def _settings() -> bytes:
    told = {name: getattr(settings, name) for name in dir(settings) if name.isupper()}
    return json.dumps(told, default=_name, sort_keys=True).encode()


def _name(value: Any) -> str:
    """Return what stands for a value that JSON does not know; nothing that differs from process to process."""
    if isinstance(value, Promise):
        return ""  # words, which the files have; some cannot be asked for
    if isinstance(value, set | frozenset):
        return str(sorted(map(str, value)))
    return str(getattr(value, "__qualname__", None) or value)

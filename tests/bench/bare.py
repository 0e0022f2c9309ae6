"""The anchor of all ratios: a WSGI application that returns the bytes it was given, headers and body."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

_response = json.loads(Path(os.environ["BENCH_RESPONSE"]).read_text())
_status = _response["status"]
_headers = [(name, value) for name, value in _response["headers"]]
_body = [bytes.fromhex(_response["body"])]


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    """Return the same bytes to everybody."""
    start_response(_status, _headers)
    return _body

"""Numbers of receipts: random, so that nothing can be guessed or counted, and easy to read out."""

from __future__ import annotations

import base64
import re
import secrets

NUMBER = re.compile(r"(?:[A-Z2-7]{4}-){3}[A-Z2-7]{4}")


def new_public_id() -> str:
    """Return 80 random bits as four groups of four letters and digits, to be read out or typed."""
    word = base64.b32encode(secrets.token_bytes(10)).decode()
    return "-".join(word[start : start + 4] for start in range(0, 16, 4))

"""Random ids for addresses, letters and files, where nothing counts."""

from __future__ import annotations

import secrets


def new_public_id() -> str:
    """Return a random id: 96 bits, so that it cannot be guessed or counted."""
    return secrets.token_urlsafe(12)

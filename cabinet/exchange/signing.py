"""Standard Webhooks 1.0: an id, a time and the raw body, signed with a secret that two programs share."""

from __future__ import annotations

import base64
import hmac
import re
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256

PREFIX = "whsec_"
SECRET = 32  # bytes; the standard asks for 24 to 64
TOLERANCE = timedelta(minutes=5)
ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
SECONDS = re.compile(r"[0-9]{1,11}")
MOST_SIGNATURES = 8  # a sender that rotates has two


def new_secret() -> str:
    """Return a secret as the standard writes it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET)).decode()


def key_of(secret: str) -> bytes:
    """Return the bytes that a secret stands for; raise ValueError for what is none."""
    coded = secret.removeprefix(PREFIX)
    try:
        key = base64.b64decode(coded + "=" * (-len(coded) % 4), validate=True)
    except ValueError as error:  # binascii's is one, too
        raise ValueError("A secret is whsec_ and base64.") from error
    if not key:
        raise ValueError("A secret is not empty.")
    return key


def sign(key: bytes, message_id: str, timestamp: int, body: bytes) -> str:
    """Return the signature of a message: version and base64."""
    signed = b"%s.%d.%s" % (message_id.encode(), timestamp, body)
    return "v1," + base64.b64encode(hmac.digest(key, signed, sha256)).decode()


def is_signed(key: bytes, headers: Mapping[str, str], body: bytes) -> bool:
    """Say whether one of the signatures is this key's; takes as long for a wrong one as for a right one.

    The time is another question: `is_timely`.
    """
    message_id, timestamp = headers.get(ID, ""), headers.get(TIMESTAMP, "")
    if not (message_id and SECONDS.fullmatch(timestamp)):
        return False
    right = sign(key, message_id, int(timestamp), body).encode()
    given = headers.get(SIGNATURE, "").split(" ")[:MOST_SIGNATURES]
    return sum(hmac.compare_digest(right, one.encode()) for one in given) > 0  # each is compared


def is_timely(headers: Mapping[str, str], now: datetime) -> bool:
    """Say whether the message was signed within five minutes of now."""
    timestamp = headers.get(TIMESTAMP, "")
    return bool(SECONDS.fullmatch(timestamp)) and abs(int(timestamp) - now.timestamp()) <= TOLERANCE.total_seconds()

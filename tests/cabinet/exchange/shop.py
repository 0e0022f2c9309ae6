"""A shop engine beside the site: it signs what it sends, and repeats it."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime

from django.test import Client

from cabinet.exchange import keys
from cabinet.exchange.signing import key_of, sign

EVENTS = "/api/v1/events/"


class Shop:
    """Sends events with a key of its own."""

    def __init__(self, *scopes: str, source: str = "shop", client: Client | None = None) -> None:
        self.key, self.secret = keys.make(source, scopes or ["*"])
        self.client = client or Client()

    def send(self, type_: str, data: dict, id: str = "evt_1", **changed) -> object:
        """Send an event and return the answer."""
        told = {"type": type_, "timestamp": datetime.now(UTC).isoformat(), "data": data}
        return self.post(json.dumps(told).encode(), id, **changed)

    def post(self, body: bytes, id: str = "evt_1", at: int | None = None, secret: str = "", **headers: str) -> object:
        """Post a body as it is; `headers` take the place of those that are right."""
        right = self.headers(body, id, int(time.time()) if at is None else at, secret)
        return self.client.post(EVENTS, body, "application/json", headers={**right, **headers})

    def headers(self, body: bytes, id: str, at: int, secret: str = "") -> dict[str, str]:
        """Return the three headers of a Standard Webhook."""
        signature = sign(key_of(secret or self.secret), id, at, body)
        return {"webhook-id": id, "webhook-timestamp": str(at), "webhook-signature": signature}

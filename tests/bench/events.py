"""p6: an event from the shop, signed, checked, taken once, against the same insert by bare django-ninja."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from cabinet.exchange.signing import key_of, sign
from tests.bench import stage
from tests.bench.rows import ROUNDS, Figure, pair_detail, rate_ratio
from tests.bench.servers import HOST, ROOT, SHIPPED, load, serving

OURS, BARE = "tests.bench.events_ours:application", "tests.bench.events_bare:application"
MOST = 3000  # a second: more than either side takes, so that no event comes twice
BOUND = 0.6
BODY = {"number": "A-1029", "amount": "48500.00", "currency": "KZT", "placed_at": "2026-11-26T09:30:00+05:00"}

_numbers = itertools.count()


def p6(folder: Path, seconds: float, kind: str = SHIPPED) -> Iterator[Figure]:
    """One event through the full endpoint ÷ the same insert by bare django-ninja on the same database."""
    environment = stage.our_environment(folder)
    said = stage.run(ROOT, environment, "manage.py", "exchange_key", "create", "bench", "bench.*")
    secret = key_of(said.split()[-1])
    with ExitStack() as stack:
        ours = stack.enter_context(serving(kind, OURS, folder, **environment))
        bare = stack.enter_context(serving(kind, BARE, folder, **environment))
        pairs = []
        for _round in range(ROUNDS):
            count = int(MOST * seconds)
            signed = [event(secret) for _each in range(count)]
            plain = [insert() for _each in range(count)]
            pairs.append([load(ours, signed, seconds=seconds), load(bare, plain, seconds=seconds)])
    what = "an event from the shop ÷ the same insert by bare django-ninja"
    yield Figure("p6", what, rate_ratio(pairs), BOUND, "more", pair_detail(pairs, kind))


def event(secret: bytes) -> str:
    """Return a signed event that was not sent before."""
    id_, now = f"evt_{next(_numbers)}", int(time.time())
    told = {"type": "bench.inserted", "timestamp": "2026-11-26T09:30:00+05:00", "data": BODY}
    body = json.dumps(told)
    signature = sign(secret, id_, now, body.encode())
    headers = {"webhook-id": id_, "webhook-timestamp": str(now), "webhook-signature": signature}
    return post("/api/v1/events/", body, headers)


def insert() -> str:
    """Return the same content for bare django-ninja."""
    return post("/insert", json.dumps(BODY), {})


def post(path: str, body: str, headers: dict[str, str]) -> str:
    """Return a request as a program sends it."""
    lines = [f"POST {path} HTTP/1.1", f"Host: {HOST}", "Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, *(f"{name}: {value}" for name, value in headers.items()), "", body])

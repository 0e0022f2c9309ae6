"""What pages of the cabinet cost a customer with many orders and one with few: run in a process of its own.

`python cabinet_pages.py MANY FEW` prints JSON by page: seconds at their least, and queries, each of both. On SQLite
processor time counts, which a busy machine changes least; where the database is another process, the clock.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

ROUNDS = 15  # of each page for both in turn; the quietest counts: a neighbour only adds
PAGES = {
    "preview of the erasure": "data/erase/account/",
    "overview": "",
    "My data": "data/",
    "list of orders": "orders/",
    "list of orders, those under way": "orders/?status=open",
    "an order": "orders/{number}/",
    "what can be deleted alone": "data/erase/",
    "copy of my data": "data/export/",
    "history": "data/history/",
    "bonuses": "bonuses/",
    "consents": "consents/",
    "addresses": "addresses/",
    "profile": "profile/",
}


def main(many: int, few: int) -> None:
    """Measure and print."""
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from tests.bench.many_orders import counted, customer_with

    settings.ALLOWED_HOSTS = ["*"]
    clients = []
    for count in (few, many):
        customer = customer_with(count)
        client = Client()
        client.force_login(customer.user)
        clients.append((client, customer.orders.latest("placed_at").number))
    counted()
    told: dict[str, dict[str, list[float]]] = {}
    for name, page in PAGES.items():
        least, queries = [[9e9, 9e9], [0.0, 0.0]]
        for which, (client, number) in enumerate(clients):
            fetch(client, page.format(number=number))  # what is looked up once is not a page's
            with CaptureQueriesContext(connection) as asked:
                fetch(client, page.format(number=number))
            queries[which] = len(asked)
        for _round in range(ROUNDS):
            for which, (client, number) in enumerate(clients):
                least[which] = min(least[which], fetch(client, page.format(number=number)))
        told[name] = {"seconds": least, "queries": queries}
    print(json.dumps(told))


def now() -> float:
    """Return the seconds that count."""
    from django.db import connection

    return time.process_time() if connection.vendor == "sqlite" else time.perf_counter()


def fetch(client: Any, page: str) -> float:
    """Return how long a page took; raise RuntimeError where it is none."""
    begun = now()
    answer = client.get(f"/ru/cabinet/{page}")
    taken = now() - begun
    if answer.status_code != 200:
        raise RuntimeError(f"{page}: {answer.status_code}")
    return taken


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    sys.path[:0] = [str(Path(__file__).parents[2] / "site"), str(Path(__file__).parents[2])]
    main(int(sys.argv[1]), int(sys.argv[2]))

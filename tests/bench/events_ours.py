"""Our site with a handler that does one insert, for p6."""

from __future__ import annotations

from datetime import datetime

from cabinet.exchange.handlers import Data, Moment, Received, handles
from config.wsgi import application
from tests.bench.events_table import insert, make_table

__all__ = ["application"]


class Inserted(Data):
    """What is inserted."""

    number: str
    amount: str
    currency: str
    placed_at: Moment


@handles("bench.inserted")
def inserted(data: Inserted, event: Received) -> None:
    """Insert a row."""
    placed_at: datetime = data.placed_at
    insert(data.number, data.amount, data.currency, placed_at)


make_table()

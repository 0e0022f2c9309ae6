"""The row that both sides of p6 insert, in the same database by the same statement."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

TABLE = "CREATE TABLE IF NOT EXISTS bench_row (number text, amount text, currency text, placed_at text)"


def make_table() -> None:
    """Make the table where it is not there yet."""
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
    connection.close()


def insert(number: str, amount: str, currency: str, placed_at: datetime) -> None:
    """Insert a row."""
    with connection.cursor() as cursor:
        values = [number, amount, currency, placed_at.isoformat()]
        cursor.execute("INSERT INTO bench_row VALUES (%s, %s, %s, %s)", values)

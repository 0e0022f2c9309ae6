"""SQLite as a shop runs it: those who read do not hold up those who write, and what is written is on the disk."""

from __future__ import annotations

import pytest
from django.db import connection


@pytest.mark.parametrize(
    ("pragma", "value"), [("journal_mode", "wal"), ("synchronous", 2), ("secure_delete", 1), ("foreign_keys", 1)]
)
def test_a_migrated_file_is_set_up_as_decided(db, pragma, value):
    if connection.vendor != "sqlite":
        pytest.skip("These are SQLite's settings.")
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {pragma}")
        assert cursor.fetchone()[0] == value

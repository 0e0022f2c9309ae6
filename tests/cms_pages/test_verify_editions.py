"""An auditor can check every edition with one command."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from cabinet.audit.append_only import create_triggers, drop_triggers, has_triggers

TABLE = "cms_pages_edition"


@pytest.fixture
def unguarded(make_document, publish):
    """A sealed edition in a database whose triggers somebody has dropped."""
    publish(make_document())
    drop_triggers(connection, TABLE)


@pytest.mark.parametrize("column", ["canonical_text", "html", "sha256"])
def test_a_tampered_row_is_named(unguarded, capsys, column):
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {TABLE} SET {column} = replace({column}, 'a', 'o')")
    create_triggers(connection, TABLE)
    with pytest.raises(CommandError):
        call_command("verify_editions")
    assert "privacy (ru)" in capsys.readouterr().err


def test_missing_triggers_are_noticed(unguarded, capsys):
    assert not has_triggers(connection, TABLE)
    with pytest.raises(CommandError):
        call_command("verify_editions")
    assert "triggers" in capsys.readouterr().err
    create_triggers(connection, TABLE)
    assert has_triggers(connection, TABLE)

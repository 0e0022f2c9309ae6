"""`manage.py personal_data` prints the register."""

from __future__ import annotations

import json

import pytest
from django.core.management import CommandError, call_command

from cabinet.register.categories import register


def printed(capsys, *options):
    call_command("personal_data", *options)
    return capsys.readouterr().out


def test_the_table_tells_of_every_category_what_why_how_long_and_how_it_ends(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    table = printed(capsys)
    for category in register:
        assert f"[{category.key}]" in table
    for words in ("Hash of the password: erased", "to protect the account", "while you are registered", "(policy 3.1)"):
        assert words in table


@pytest.mark.parametrize("columns", ["20", "100", "200"])
def test_no_line_is_wider_than_the_terminal(capsys, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", columns)
    assert max(len(line) for line in printed(capsys).splitlines()) <= max(int(columns), 100)


def test_json_is_for_programs(capsys):
    rows = json.loads(printed(capsys, "--format", "json"))
    assert [row["key"] for row in rows] == list(register.by_key)
    account = rows[0]
    assert account["basis"] == "consent"
    hash_of_password = {
        "field": "customers.User.password",
        "label": "Hash of the password",
        "end": "erased",
        "shown": False,
    }
    assert hash_of_password in account["fields"]


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_it_is_told_in_the_language_asked_for(capsys, language):
    text = printed(capsys, "--language", language)
    assert ("Аты" if language == "kk" else "Фамилия") in text


def test_another_language_is_refused(capsys):
    with pytest.raises(CommandError):
        call_command("personal_data", "--language", "de")

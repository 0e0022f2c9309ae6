"""Addresses for machines: alive, ready, and whom to tell of a hole."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError, connection


@pytest.fixture
def database_away():
    """A database that refuses every question."""

    def refuse(*args, **kwargs):
        raise OperationalError("the database system is shutting down")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection, "cursor", refuse)
        yield


def test_livez_needs_no_database(visitor, database_away):
    assert visitor.get("/livez").status_code == 200


def test_readyz_says_ready(visitor, db):
    assert visitor.get("/readyz").status_code == 200


def test_f06_readyz_says_503_while_the_database_is_away(visitor, database_away):
    answer = visitor.get("/readyz")
    assert answer.status_code == 503
    assert "shutting down" not in answer.text


def test_f06_a_page_is_a_calm_503_that_says_when_to_come_back(visitor, db, database_away):
    answer = visitor.get("/kk/privacy/")
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert 'lang="kk"' in answer.text


def fields(text: str) -> dict[str, str]:
    return dict(line.split(": ", 1) for line in text.splitlines())


def test_security_txt_has_the_fields_of_rfc_9116(visitor, settings):
    settings.SECURITY_CONTACT, settings.SITE_URL = "mailto:security@shop.example", "https://shop.example"
    answer = visitor.get("/.well-known/security.txt")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    told = fields(answer.text)
    assert told["Contact"] == "mailto:security@shop.example"
    assert told["Canonical"] == "https://shop.example/.well-known/security.txt"
    assert told["Preferred-Languages"] == "ru, kk, en"


def test_security_txt_ends_within_a_year(visitor):
    expires = datetime.fromisoformat(fields(visitor.get("/.well-known/security.txt").text)["Expires"])
    assert timedelta(days=30) < expires - datetime.now(UTC) < timedelta(days=365)

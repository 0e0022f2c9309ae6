"""Logs are JSON lines in which nobody's data stands (trust.md, s20)."""

from __future__ import annotations

import json
import logging

import pytest

from config.logs import JsonFormatter

CANARY = "Aigerim-Canary-7012345678"


@pytest.fixture
def lines():
    """Everything that is logged during a test, as the operator would find it."""
    kept: list[str] = []
    handler = logging.Handler()
    handler.setFormatter(JsonFormatter())
    handler.emit = lambda record: kept.append(handler.format(record))  # type: ignore[method-assign]
    logging.getLogger().addHandler(handler)
    yield kept
    logging.getLogger().removeHandler(handler)


def test_a_line_is_json_with_time_level_and_event(lines):
    logging.getLogger("kelisim.trial").warning("trial.%s", "happened", extra={"data": {"count": 3}})
    line = json.loads(lines[-1])
    assert (line["level"], line["event"], line["count"]) == ("WARNING", "trial.happened", 3)
    assert line["time"].endswith("+00:00")


def test_s20_an_exception_shows_its_kind_and_place_but_not_its_words(lines):
    try:
        raise ValueError(f"no such customer: {CANARY}")
    except ValueError:
        logging.getLogger("kelisim.trial").exception("trial.failed")
    assert CANARY not in "".join(lines)
    line = json.loads(lines[-1])
    assert line["exception"] == "ValueError"
    assert "test_logs.py" in line["frames"][-1]


def test_s20_what_others_fill_in_is_left_out(lines):
    logging.getLogger("django.request").error("Internal Server Error: %s", f"/ru/reset/{CANARY}/")
    assert CANARY not in "".join(lines)


@pytest.mark.parametrize("path", [f"/ru/{CANARY}/", f"/{CANARY}", f"/ru/privacy/?name={CANARY}", f"/admin/{CANARY}/"])
def test_s20_no_path_of_a_visitor_is_logged(lines, visitor, site_ru, path):
    visitor.get(path)
    assert lines
    assert CANARY not in "".join(lines)


def test_s20_a_refusal_of_django_is_logged_by_its_kind_without_what_was_sent(lines, visitor, site_ru):
    visitor.get("/ru/", headers={"host": f"{CANARY}.example"})
    refusals = [line for line in map(json.loads, lines) if line["logger"].startswith("django.security")]
    assert [line["event"] for line in refusals] == ["DisallowedHost"]
    assert CANARY not in "".join(lines)


def test_s20_no_failed_sign_in_is_logged_with_its_address(lines, visitor, site_ru):
    visitor.post("/ru/accounts/login/", {"login": f"{CANARY}@customer.example", "password": CANARY})
    assert lines
    assert CANARY not in "".join(lines)


def test_a_request_is_logged_by_its_route(lines, visitor, site_ru):
    visitor.get("/livez")
    line = json.loads(lines[-1])
    assert (line["event"], line["route"], line["status"]) == ("http.request", "livez", 200)

"""Logs as JSON lines that carry no personal data."""

from __future__ import annotations

import json
import logging
import traceback
from datetime import UTC, datetime
from typing import Any

OWN_LOGGERS = ("kelisim",)
# Here Django writes what a visitor sent (Host, path) into the message itself; the logger is named for the refusal.
REFUSALS = "django.security."


class JsonFormatter(logging.Formatter):
    """Write one JSON object a line: when, how bad, from where, what.

    Only our own loggers have their arguments filled in: others put addresses, paths with tokens and
    people's input there. For the same reason an exception shows its type and frames, never its words.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line of JSON."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "event": event_of(record),
            **getattr(record, "data", {}),
        }
        if record.exc_info and record.exc_info[0]:
            line["exception"] = record.exc_info[0].__qualname__
            line["frames"] = [
                f"{frame.filename}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(record.exc_info[2])[-8:]
            ]
        return json.dumps(line, ensure_ascii=False, default=str)


def event_of(record: logging.LogRecord) -> str:
    """Return what happened, without what anybody sent."""
    if record.name.startswith(REFUSALS):
        return record.name.removeprefix(REFUSALS)
    own = record.name.split(".")[0] in OWN_LOGGERS
    return record.getMessage() if own else str(record.msg)

"""What the cache in Redis is written in: JSON, which cannot hold code (trust.md, s09)."""

from __future__ import annotations

import json
from typing import Any

from django.utils.functional import Promise

# JSON has only strings for keys, and Wagtail keeps a dict whose keys are numbers: each dict is a list of its pairs.
PAIRS = "pairs"


class JsonSerializer:
    """Django's serializer for Redis is pickle: whoever can write into Redis would run code in our processes."""

    def dumps(self, value: Any) -> int | str:
        """Return the value as Redis keeps it; raise TypeError for what JSON cannot hold."""
        # A bare number can be counted up by Redis itself.
        return value if type(value) is int else json.dumps(_in_pairs(value), ensure_ascii=False, separators=(",", ":"))

    def loads(self, data: bytes) -> Any:
        """Return the value; a tuple comes back as a list. Raise ValueError for what we did not write."""
        return json.loads(data, object_hook=_dict_of)


def _in_pairs(value: Any) -> Any:
    if isinstance(value, dict):
        return {PAIRS: [[key, _in_pairs(item)] for key, item in value.items()]}
    if isinstance(value, list | tuple):
        return [_in_pairs(item) for item in value]
    return str(value) if isinstance(value, Promise) else value


def _dict_of(found: dict[str, Any]) -> dict[Any, Any]:
    if found.keys() != {PAIRS}:
        raise ValueError("Nothing of ours has written this.")
    return dict(found[PAIRS])

"""The cache in Redis: written in JSON, which cannot hold code (trust.md, s09); the database while it is away (f07)."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from time import monotonic
from typing import Any, ClassVar

from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache
from django.utils.functional import Promise

log = logging.getLogger("kelisim.cache")

LOOKED_FOR_AGAIN = 5.0  # seconds after which a Redis that was away is asked again; until then nobody waits for it
DEEDS = ["add", "get", "set", "touch", "delete", "get_many", "has_key", "incr", "set_many", "delete_many", "clear"]


class RedisOrDatabase(RedisCache):
    """Django's cache in Redis; while that cannot be reached, the cache `database`, so that throttles go on counting.

    What one of the two was told the other is not: a throttle may begin anew when Redis goes or comes back.
    """

    away_until: ClassVar[dict[str, float]] = {}  # by address: threads have a cache each, and one Redis

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self.address = server

    def _do(self, deed: str, *args: Any, **kwargs: Any) -> Any:
        from redis.exceptions import RedisError

        if monotonic() >= self.away_until.get(self.address, 0.0):
            try:
                return getattr(super(), deed)(*args, **kwargs)
            except (RedisError, OSError) as error:
                self.away_until[self.address] = monotonic() + LOOKED_FOR_AGAIN
                log.warning("cache.away", extra={"data": {"error": type(error).__name__}})
        return getattr(caches["database"], deed)(*args, **kwargs)


def _either(deed: str) -> Callable[..., Any]:
    def method(self: RedisOrDatabase, *args: Any, **kwargs: Any) -> Any:
        return self._do(deed, *args, **kwargs)

    method.__doc__ = getattr(RedisCache, deed).__doc__
    return method


for _deed in DEEDS:
    setattr(RedisOrDatabase, _deed, _either(_deed))


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

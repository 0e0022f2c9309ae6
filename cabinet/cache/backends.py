"""The cache in Redis: written in JSON, which cannot hold code (trust.md, s09); the database while it is away (f07)."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock
from time import monotonic
from typing import Any, ClassVar

from django.core.cache import caches
from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.core.cache.backends.redis import RedisCache
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.functional import Promise

from cabinet.cache.models import Entry
from cabinet.notices.upkeep import hourly

log = logging.getLogger("kelisim.cache")

LOOKED_FOR_AGAIN = 5.0  # seconds after which a Redis that was away is asked again; until then nobody waits for it
# How Redis begins to say that it takes nothing now: a full disk or memory, a lost master, a script that does not end.
REFUSALS = ("MISCONF", "OOM", "READONLY", "MASTERDOWN", "CLUSTERDOWN", "NOREPLICAS", "TRYAGAIN", "BUSY")
DEEDS = ["add", "get", "set", "touch", "delete", "get_many", "has_key", "incr", "set_many", "delete_many", "clear"]


class StoredCache(BaseCache):
    """Django's cache in our own table, in JSON: Django's own unpickles what it finds there."""

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        """Take no place and no options but those of every cache."""
        super().__init__(params)
        self.serializer = JsonSerializer()

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """Return the value, or `default` where there is none or it has run out."""
        found = Entry.objects.live().filter(pk=self._hash(key, version)).values_list("value", flat=True).first()
        return default if found is None else self.serializer.loads(found.encode())

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        """Put the value in the place of what stood there; raise TypeError for what JSON cannot hold."""
        entry = self._entry(key, value, timeout, version)
        fields = ["value", "expires_at"]
        Entry.objects.bulk_create([entry], update_conflicts=True, unique_fields=["key"], update_fields=fields)

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Put the value where there is none, and say whether that was so; of two at once one is told no."""
        entry = self._entry(key, value, timeout, version)
        Entry.objects.expired().filter(pk=entry.pk).delete()
        try:
            with transaction.atomic():
                entry.save(force_insert=True)
        except IntegrityError:
            return False
        return True

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Let it live so much longer; no where there is none."""
        rows = Entry.objects.live().filter(pk=self._hash(key, version))
        return bool(rows.update(expires_at=self._end(timeout)))

    def delete(self, key: str, version: int | None = None) -> bool:
        """Forget it, and say whether it was there."""
        return bool(Entry.objects.filter(pk=self._hash(key, version)).delete()[0])

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        """Count up, and leave its term as it is; raise ValueError where there is nothing to count."""
        with transaction.atomic():
            found = Entry.objects.live().select_for_update().filter(pk=self._hash(key, version)).first()
            if found is None:
                raise ValueError(f"Key '{key}' not found.")
            count: int = self.serializer.loads(found.value.encode()) + delta
            found.value = str(self.serializer.dumps(count))
            found.save(update_fields=["value"])
        return count

    def clear(self) -> None:
        """Forget everything."""
        Entry.objects.all().delete()

    def _hash(self, key: str, version: int | None) -> str:
        whole = self.make_and_validate_key(key, version=version)
        return salted_hmac("cabinet.cache", whole, algorithm="sha256").hexdigest()

    def _end(self, timeout: Any) -> datetime | None:
        seconds = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        return None if seconds is None else timezone.now() + timedelta(seconds=seconds)

    def _entry(self, key: str, value: Any, timeout: Any, version: int | None) -> Entry:
        text = str(self.serializer.dumps(value))
        return Entry(key=self._hash(key, version), value=text, expires_at=self._end(timeout))


@hourly
def forget_expired() -> int:
    """Delete what has run out, which nobody asks for once Redis is back; return how much there was."""
    return Entry.objects.expired().delete()[0]


class RedisOrDatabase(RedisCache):
    """Django's cache in Redis; while that cannot be reached, the cache `database`, so that throttles go on counting.

    What one of the two was told the other is not: a throttle may begin anew when Redis goes or comes back.
    """

    away_until: ClassVar[dict[str, float]] = {}  # by address: threads have a cache each, and one Redis
    one_at_a_time: ClassVar[Lock] = Lock()

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        """Take Django's own arguments."""
        super().__init__(server, params)
        self.address = server

    def _do(self, deed: str, *args: Any, **kwargs: Any) -> Any:
        from redis.exceptions import RedisError

        if self._may_ask():
            try:
                answer = getattr(super(), deed)(*args, **kwargs)
            except (RedisError, OSError) as error:
                if _is_ours(error):
                    raise
                self.away_until[self.address] = monotonic() + LOOKED_FOR_AGAIN
                log.warning("cache.away", extra={"data": {"error": type(error).__name__}})
            else:
                self.away_until.pop(self.address, None)
                return answer
        return getattr(caches["database"], deed)(*args, **kwargs)

    def _may_ask(self) -> bool:
        """Say whether Redis is there; once it was away, one of us looks for it at a time, and the others go on."""
        with self.one_at_a_time:
            until = self.away_until.get(self.address)
            if until is None:
                return True
            if monotonic() < until:
                return False
            self.away_until[self.address] = monotonic() + LOOKED_FOR_AGAIN
            return True


def _is_ours(error: Exception) -> bool:
    """Say whether Redis is there, and it was asked for nonsense."""
    from redis.exceptions import DataError, ResponseError

    return isinstance(error, DataError) or (type(error) is ResponseError and not str(error).startswith(REFUSALS))


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

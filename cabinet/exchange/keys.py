"""Keys of shop engines: made, rotated and revoked; the live ones kept ready for a second."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography.fernet import InvalidToken
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cabinet.exchange.handlers import TYPE
from cabinet.exchange.models import Key
from cabinet.exchange.signing import key_of, new_secret

OVERLAP = timedelta(hours=24)  # in which the secret before goes on signing after a rotation
FRESH_FOR = 1.0  # seconds; so long a revoked key may still be taken by another process
USED_WITHIN = timedelta(hours=1)  # as exactly as the last use is known
FAMILY = re.compile(r"\*|[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*\.\*")  # *, order.*


@dataclass(frozen=True)
class LiveKey:
    """A key that signs today, open in memory."""

    pk: int
    source: str
    secret: str
    key: bytes  # what a secret of Standard Webhooks stands for; empty for one of another manner
    scopes: tuple[str, ...]
    last_used_at: datetime | None

    def may_send(self, type_: str) -> bool:
        """Tell whether the key's scopes name the type, or a family of it."""
        return any(covers(scope, type_) for scope in self.scopes)


def covers(scope: str, type_: str) -> bool:
    """Tell whether a scope names a type: order.placed, order.* or *."""
    return scope in ("*", type_) or (scope.endswith(".*") and type_.startswith(scope[:-1]))


def known_scopes(scopes: Iterable[str]) -> list[str]:
    """Return the scopes, each once; raise ValidationError for none, or for what is no type and no family of types."""
    found = list(dict.fromkeys(scope.strip() for scope in scopes if scope.strip()))
    if not found or not all(TYPE.fullmatch(scope) or FAMILY.fullmatch(scope) for scope in found):
        raise ValidationError(_("Name types such as order.placed, families such as order.*, or * for all."))
    return found


# Kept ready ----------------------------------------------------------------------------------------------------------


class _Ready:
    keys: tuple[LiveKey, ...] = ()
    until = 0.0  # on the monotonic clock


def live_keys() -> tuple[LiveKey, ...]:
    """Return the keys that sign today, as the database had them within the last second."""
    if time.monotonic() >= _Ready.until:
        _Ready.keys = tuple(opened(key) for key in Key.objects.live() if is_openable(key))
        _Ready.until = time.monotonic() + FRESH_FOR
    return _Ready.keys


def is_openable(key: Key) -> bool:
    """Tell whether one of our keys opens the secret; one sealed under a SECRET_KEY that is gone signs nothing."""
    try:
        return bool(key.secret)
    except InvalidToken:
        return False


def opened(key: Key) -> LiveKey:
    """Return the key, its secret open."""
    secret = key.secret
    try:
        signing = key_of(secret)
    except ValueError:  # a shop engine that speaks through a mapping may have any text
        signing = b""
    return LiveKey(key.pk, key.source, secret, signing, tuple(key.scopes), key.last_used_at)


@receiver((post_save, post_delete), sender=Key, dispatch_uid="exchange.keys.look_again")
def look_again(**_signal: Any) -> None:
    """Have this process look at the keys again before it takes the next event."""
    _Ready.until = 0.0


def was_used(key: LiveKey) -> None:
    """Remember, to the hour, that the key was used."""
    now = timezone.now()
    if key.last_used_at is None or now - key.last_used_at >= USED_WITHIN:
        Key.objects.filter(pk=key.pk).update(last_used_at=now)
        look_again()


# Made, rotated, revoked ----------------------------------------------------------------------------------------------


def make(source: str, scopes: Iterable[str], not_after: datetime | None = None, secret: str = "") -> tuple[Key, str]:
    """Return a new key and its secret, which nobody can see again; raise ValidationError for a wrong name or scope."""
    secret = secret or new_secret()
    key = Key(source=source, scopes=known_scopes(scopes), not_after=not_after)
    key.secret = secret
    key.full_clean(exclude=["sealed"])
    key.save(force_insert=True)
    return key, secret


@transaction.atomic
def rotate(key: Key, overlap: timedelta = OVERLAP) -> tuple[Key, str]:
    """Return a key with the same name and scopes and its new secret; the old one ends after the overlap, or sooner."""
    old = Key.objects.select_for_update().get(pk=key.pk)
    end = timezone.now() + overlap
    old.not_after = min(old.not_after, end) if old.not_after else end
    old.save(update_fields=["not_after"])
    return make(old.source, old.scopes)


def revoke(key: Key) -> None:
    """End the key now; other processes hear of it within a second."""
    key.not_after = timezone.now()
    key.save(update_fields=["not_after"])

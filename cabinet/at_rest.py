"""Secrets at rest: who has the database alone reads none of them (ASVS 11.3, 13.3). Below the ground floor."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from functools import lru_cache

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def seal(text: str, purpose: bytes, secrets: Iterable[str] | None = None) -> str:
    """Return the text as the database keeps it: under the first of the secrets, of SECRET_KEY where none are given."""
    return _keys(purpose, secrets).encrypt(text.encode()).decode()


def unseal(sealed: str, purpose: bytes, secrets: Iterable[str] | None = None) -> str:
    """Return the text; raise InvalidToken when its secret is named no more, or the purpose is another."""
    return _keys(purpose, secrets).decrypt(sealed.encode()).decode()


def _keys(purpose: bytes, secrets: Iterable[str] | None) -> MultiFernet:
    named = secrets if secrets is not None else (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet([_key(secret, purpose) for secret in named])


@lru_cache(maxsize=16)
def _key(secret: str, purpose: bytes) -> Fernet:
    derived = HKDF(SHA256(), length=32, salt=None, info=purpose).derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(derived))

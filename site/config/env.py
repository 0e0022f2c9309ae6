"""Settings from the environment; a wrong value stops the start with the variable's name."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parents[2]


class Env(environ.Env):
    """django-environ, but every refusal names the variable that caused it."""

    def get_value(self, var: str, *args: Any, **kwargs: Any) -> Any:
        """Return the typed value of `var`; raise ImproperlyConfigured naming it when it is missing or wrong."""
        try:
            return super().get_value(var, *args, **kwargs)
        except ImproperlyConfigured:
            raise
        except (ValueError, TypeError) as error:
            raise ImproperlyConfigured(f"The environment variable {var} has a wrong value: {error}.") from error

    def bool(self, var: str, default: Any = environ.Env.NOTSET) -> bool:
        """Return yes or no; anything that is neither is refused instead of counting as no."""
        text = self.str(var, default="").strip().lower()
        if not text and default is not environ.Env.NOTSET:
            return bool(default)
        if text in {"1", "true", "yes", "on"}:
            return True
        if text in {"0", "false", "no", "off"}:
            return False
        raise ImproperlyConfigured(f"The environment variable {var} must be 1 or 0, not “{text}”.")

    def one_of(self, var: str, choices: Collection[str], default: str) -> str:
        """Return the value when it is one of the choices."""
        value = self.str(var, default=default)
        if value not in choices:
            known = ", ".join(sorted(choices)) if len(choices) < 10 else "a name such as " + default
            raise ImproperlyConfigured(f"The environment variable {var} must be {known}, not “{value}”.")
        return value

    def address(self, var: str, begins: tuple[str, ...], default: str) -> str:
        """Return an address that begins in one of these ways; an empty one counts as none."""
        value = self.str(var, default="") or default
        if value and not value.startswith(begins):
            raise ImproperlyConfigured(f"The environment variable {var} must begin with {' or '.join(begins)}.")
        return value

    def database(self, var: str, default: str) -> dict[str, Any]:
        """Return Django's settings for a database address; never repeat the address, which holds a password."""
        address = self.address(var, ("postgres://", "postgresql://", "sqlite://"), default)
        return dict(self.db_url_config(address))

    def letters(self, var: str, default: str) -> dict[str, Any]:
        """Return Django's settings for an address of a mail server."""
        schemes = tuple(
            f"{scheme}://" for scheme in ("smtp+tls", "smtp+ssl", "smtp", "consolemail", "filemail", "dummymail")
        )
        return dict(self.email_url_config(self.address(var, schemes, default)))


env = Env()
if not os.environ.get("PYTEST_VERSION"):  # what a developer's .env says must not decide a test, nor a process it starts
    environ.Env.read_env(str(ROOT / ".env"))

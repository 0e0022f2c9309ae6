"""Settings from the environment; a wrong value stops the start with the variable's name."""

from __future__ import annotations

import os
from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parents[2]

MarkedDays = dict[date, bool]


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

    def asked(self, var: str, choices: Collection[str], default: str) -> dict[str, Any]:
        """Return names from the choices, by commas; a star behind a name (“phone*”) makes it True: demanded."""
        names = [name.strip() for name in self.str(var, default=default).split(",") if name.strip()]
        fields = {name.removesuffix("*"): name.endswith("*") for name in names}
        if unknown := [name for name in fields if name not in choices]:
            known = ", ".join(sorted(choices))
            raise ImproperlyConfigured(f"The environment variable {var} may name {known}; not “{', '.join(unknown)}”.")
        return fields

    def count(self, var: str, default: int) -> int:
        """Return a whole number that is not below nought."""
        value = int(self.int(var, default=default))
        if value < 0:
            raise ImproperlyConfigured(f"The environment variable {var} must be 0 or more, not {value}.")
        return value

    def counts(self, var: str) -> dict[str, int]:
        """Return whole numbers by name, by commas: fresh:3,preserves:30."""
        told = [text.strip().rpartition(":") for text in self.list(var, default=[]) if text.strip()]
        if any(not (name.strip() and number.strip().isdecimal()) for name, _colon, number in told):
            what = "names with numbers by commas, such as fresh:3,preserves:30"
            raise ImproperlyConfigured(f"The environment variable {var} must be {what}.")
        return {name.strip(): int(number) for name, _colon, number in told}

    def days(self, var: str) -> MarkedDays:
        """Return days by commas that are “off” or “on” against the calendar: 2026-05-08:off,2026-05-16:on."""
        try:
            return dict(_marked_day(text) for text in self.list(var, default=[]) if text.strip())
        except (ValueError, KeyError):
            told = "days by commas, each with off or on, such as 2026-05-08:off,2026-05-16:on"
            raise ImproperlyConfigured(f"The environment variable {var} must be {told}.") from None

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


def _marked_day(text: str) -> tuple[date, bool]:
    day, _colon, mark = text.strip().partition(":")
    return date.fromisoformat(day), {"off": False, "on": True}[mark.strip().lower()]


env = Env()
if not os.environ.get("PYTEST_VERSION"):  # what a developer's .env says must not decide a test, nor a process it starts
    environ.Env.read_env(str(ROOT / ".env"))

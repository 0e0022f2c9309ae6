"""Settings from the environment; a wrong value stops the start with the variable's name."""

from __future__ import annotations

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


env = Env()
environ.Env.read_env(str(ROOT / ".env"))

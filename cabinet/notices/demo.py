"""Where there is no mail server, on one's own machine, letters are shown instead."""

from __future__ import annotations

from django.conf import settings

CONSOLE = "django.core.mail.backends.console.EmailBackend"
SHOWN = 20  # letters; who follows a sign-up looks for the newest


def are_letters_shown() -> bool:
    """Say whether this is a demo without a mail server: DEBUG is on and letters are only printed."""
    return settings.DEBUG and settings.LETTERS_BACKEND == CONSOLE

"""A real site without a mail server is warned of."""

from __future__ import annotations

import pytest

from cabinet.notices.checks import letters_are_sent

CONSOLE = "django.core.mail.backends.console.EmailBackend"
SMTP = "django.core.mail.backends.smtp.EmailBackend"


@pytest.mark.parametrize(("debug", "backend", "warnings"), [(False, CONSOLE, 1), (False, SMTP, 0), (True, CONSOLE, 0)])
def test_letters_that_are_only_printed_are_warned_of_outside_the_demo(settings, debug, backend, warnings):
    settings.DEBUG, settings.LETTERS_BACKEND = debug, backend
    assert len(letters_are_sent(None)) == warnings

"""Where letters go when a test says so."""

from __future__ import annotations

import pytest

from tests.mailboxes import SMTP


@pytest.fixture
def use_port(settings):
    """Return a function that has letters go to a port of this machine."""

    def use(port, timeout=15):
        settings.LETTERS_BACKEND, settings.EMAIL_TIMEOUT = SMTP, timeout
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port

    return use

"""What `manage.py check --deploy` says about letters."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning, register

PRINTED = {f"django.core.mail.backends.{name}.EmailBackend" for name in ("console", "dummy", "filebased")}


@register(deploy=True)
def letters_are_sent(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Warn of a real site whose letters reach nobody, and whose log shows the links in them."""
    if settings.DEBUG or settings.LETTERS_BACKEND not in PRINTED:
        return []
    return [
        Warning(
            "Letters are not sent: EMAIL_URL is empty or names no mail server. Nobody can sign up or reset a password.",
            hint="Set EMAIL_URL, for example smtp+tls://USER:PASSWORD@mail.example.kz:587 (docs/operator.md, Letters).",
            id="kelisim.notices.W001",
        )
    ]

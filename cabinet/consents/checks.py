"""What `manage.py check --database default` says about consents: whether the shop can take any."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import DatabaseError

from cabinet.consents.composing import Composer, NotReady


def missing() -> dict[str, list[str]]:
    """Return what is missing for consents, by language; languages that lack nothing are not in it."""
    found = {}
    for code, _name in settings.LANGUAGES:
        try:
            Composer(code)
        except NotReady as error:
            found[code] = error.missing
    return found


@register(Tags.database)
def consents_can_be_taken(databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Warn where nobody could consent, and so nobody could sign up: a consent names the operator and the policy."""
    if not databases:
        return []
    try:
        found = missing()
    except DatabaseError:  # not migrated yet: nothing can be missing
        return []
    return [
        Warning(
            f"Nobody can sign up or consent in “{language}”: missing are {', '.join(names)}.",
            hint="Fill in the operator's card in this language (Settings) and publish the privacy policy.",
            id="kelisim.consents.W001",
        )
        for language, names in found.items()
    ]

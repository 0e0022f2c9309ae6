"""What `manage.py check --deploy` says about accounts."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import DatabaseError

from cabinet.customers.models import User


@register(Tags.security, deploy=True)
def no_demo_people(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Warn of demo accounts in a database that serves a real site (trust.md, s25)."""
    if settings.DEBUG:
        return []
    try:
        count = User.objects.filter(is_demo=True).count()
    except DatabaseError:  # not migrated yet, or away: then there is nobody to warn of
        return []
    if not count:
        return []
    return [
        Warning(
            f"The database holds {count} demo accounts. They cannot sign in while DEBUG is off.",
            hint="Begin with an empty database, or delete them under Settings → Users.",
            id="kelisim.customers.W001",
        )
    ]

"""What several workers remember together for a while."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CacheConfig(AppConfig):
    """Throttles and caches: in Redis, or in the database while that is away."""

    name = "cabinet.cache"
    label = "cache"
    verbose_name = _("Cache")

    def ready(self) -> None:
        """Have what has run out forgotten each hour."""
        from cabinet.cache import backends  # noqa: F401

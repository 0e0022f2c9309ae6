"""What editors write: documents, their editions, the operator's card."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CmsPagesConfig(AppConfig):
    """Documents and their sealed editions."""

    name = "cms_pages"
    label = "cms_pages"
    verbose_name = _("Documents")

    def ready(self) -> None:
        """Connect guards and the version of the public pages."""
        from cms_pages import guards, page_version  # noqa: F401

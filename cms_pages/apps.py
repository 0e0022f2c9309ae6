"""What editors write: documents, their editions, the operator's card."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CmsPagesConfig(AppConfig):
    """Documents and their sealed editions."""

    name = "cms_pages"
    label = "cms_pages"
    verbose_name = _("Documents")

    def ready(self) -> None:
        """Connect guards and the version of public pages; say what is nobody's data; give roles what is new."""
        from cms_pages import guards, page_version, personal_data  # noqa: F401
        from cms_pages.starter.roles import give_what_is_new

        post_migrate.connect(give_what_is_new, dispatch_uid="give_what_is_new")

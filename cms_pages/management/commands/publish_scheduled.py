"""manage.py publish_scheduled: Wagtail's own, and then the public pages are made ready."""

from __future__ import annotations

from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from wagtail.management.commands import publish_scheduled

from cms_pages.models import PublicVersion
from cms_pages.page_cache import PageCache


class Command(publish_scheduled.Command):
    """Publishes what is due; its pages are rendered here, so that no reader waits for that."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Publish; where that changed public pages, bring those on the disk up to date."""
        before = PublicVersion.now()
        super().handle(*args, **options)
        if PublicVersion.now() != before:
            PageCache(WSGIHandler()).make_ready()

"""Tells every worker that public pages have changed, in the transaction that changed them."""

from __future__ import annotations

from typing import Any

from django.db.models import F
from django.db.models.signals import post_delete, post_save
from wagtail.models import Locale, Page, Site
from wagtail.signals import page_published, page_unpublished, post_page_move

from cms_pages.models import Edition, OperatorCard, OperatorText, PublicVersion


def bump(**kwargs: Any) -> None:
    """Raise the version; whoever reads it next renders public pages anew."""
    if not PublicVersion.objects.filter(pk=1).update(number=F("number") + 1):
        PublicVersion.objects.get_or_create(pk=1, defaults={"number": 1})


for signal in (page_published, page_unpublished, post_page_move):
    signal.connect(bump, dispatch_uid="page_version")
for model in (Edition, OperatorCard, OperatorText, Site, Locale):
    post_save.connect(bump, sender=model, dispatch_uid="page_version")
for model in (OperatorText, Site, Locale, Page):
    post_delete.connect(bump, sender=model, dispatch_uid="page_version")

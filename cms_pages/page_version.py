"""Tells every worker that public pages have changed, in the transaction that changed them."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.signals import post_delete, post_save
from django.dispatch import Signal
from wagtail.models import Locale, Page, Site
from wagtail.signals import page_published, page_unpublished, post_page_move

from cms_pages.models import Edition, OperatorCard, OperatorText, PublicVersion

public_pages_changed = Signal()  # sent in the process that changed them, once the change is committed


def bump(**kwargs: Any) -> None:
    """Raise the version; whoever reads it next renders public pages anew."""
    if not PublicVersion.objects.filter(pk=1).update(number=F("number") + 1):
        PublicVersion.objects.get_or_create(pk=1, defaults={"number": 1})
    transaction.on_commit(tell_this_process)


def tell_this_process() -> None:
    """Spare this process the second after which the others look at the version."""
    public_pages_changed.send(sender=PublicVersion)


for signal in (page_published, page_unpublished, post_page_move):
    signal.connect(bump, dispatch_uid="page_version")
for model in (Edition, OperatorCard, OperatorText, Site, Locale):
    post_save.connect(bump, sender=model, dispatch_uid="page_version")
for model in (OperatorCard, OperatorText, Site, Locale, Page):
    post_delete.connect(bump, sender=model, dispatch_uid="page_version")

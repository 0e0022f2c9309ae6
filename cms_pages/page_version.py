"""Tells every worker that public pages have changed, in the transaction that changed them."""

from __future__ import annotations

from typing import Any

from django.db import DatabaseError, InterfaceError, connection, transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import Signal
from wagtail.models import Locale, Page, Site
from wagtail.signals import page_published, page_unpublished, post_page_move

from cms_pages.models import Edition, LegalDocumentPage, OperatorCard, OperatorText, PublicVersion
from cms_pages.models.version import PAGES, TREE

public_pages_changed = Signal()  # sent in the process that changed them, once the change is committed


def bump(**kwargs: Any) -> None:
    """Raise the version; whoever reads it next renders public pages anew."""
    PublicVersion.raise_row(PAGES)
    transaction.on_commit(tell_this_process)


def bump_tree(**kwargs: Any) -> None:
    """Raise the version, and have every worker learn anew where sites and languages begin."""
    PublicVersion.raise_row(TREE)
    bump()


def bump_for(sender: Any, **kwargs: Any) -> None:
    """Raise the version; a document is published often and stays where it is, other pages may be a language's root."""
    bump() if sender is LegalDocumentPage else bump_tree()


def tell_this_process() -> None:
    """Spare this process the second after which the others look at the version."""
    public_pages_changed.send(sender=PublicVersion)


def read_version() -> tuple[int, int] | None:
    """Return the version over this thread's own connection; None when it cannot be read."""
    try:
        renew_connection()
        return PublicVersion.now()
    except (DatabaseError, InterfaceError):
        disconnect()
        return None


def renew_connection() -> None:
    """Do for this thread's connection what a request begins with in Django: drop one that is broken or too old."""
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()


def disconnect() -> None:
    """Close this thread's connection, so that the next use opens a sound one."""
    if not connection.in_atomic_block:
        connection.close()


page_published.connect(bump_for, dispatch_uid="page_version")
for signal in (page_unpublished, post_page_move):
    signal.connect(bump_tree, dispatch_uid="page_version")
for model in (Edition, OperatorCard, OperatorText):
    post_save.connect(bump, sender=model, dispatch_uid="page_version")
for model in (Site, Locale):
    post_save.connect(bump_tree, sender=model, dispatch_uid="page_version")
for model in (OperatorCard, OperatorText):
    post_delete.connect(bump, sender=model, dispatch_uid="page_version")
for model in (Site, Locale, Page):
    post_delete.connect(bump_tree, sender=model, dispatch_uid="page_version")

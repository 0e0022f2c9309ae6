"""What may not happen to a page with editions, however it is asked: hand, schedule, script, page tree."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver
from django.utils.translation import gettext
from wagtail.models import Page
from wagtail.signals import pre_page_move

from cms_pages.models import Edition
from cms_pages.refusals import Refused


class EditionsStandHere(Refused):
    """A page with sealed editions was to be moved, unpublished or deleted."""


def editions_below(page: Page) -> Any:
    """Return the editions of this page and of the pages under it."""
    return Edition.objects.filter(page__path__startswith=page.path)


def why_it_stays(page: Page) -> str:
    """Return the sentence for whoever wanted to take the page away; empty when nothing speaks against it."""
    count = editions_below(page).count()
    if not count:
        return ""
    return gettext(
        "“%(title)s” stays where it is: %(count)d sealed editions are published at this address, and people may "
        "rely on every one of them. To end a document, tick “withdraw the document” and publish."
    ) % {"title": page.get_admin_display_title(), "count": count}


@receiver(pre_page_move, dispatch_uid="guards")
def refuse_to_move(sender: Any, instance: Page, **kwargs: Any) -> None:
    """Raise EditionsStandHere when a move would change the address of an edition."""
    if kwargs["url_path_before"] != kwargs["url_path_after"] and editions_below(instance).exists():
        raise EditionsStandHere(why_it_stays(instance))

"""What may not happen to a page with editions, however it is asked: hand, schedule, script, page tree."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import pre_delete, pre_save
from django.dispatch import receiver
from django.utils.translation import gettext
from wagtail.models import Page, Site
from wagtail.signals import pre_page_move

from cms_pages.models import Edition, LegalDocumentPage
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


def refuse_to_lose(page: Page) -> None:
    """Raise EditionsStandHere when editions are published at or below this page."""
    if reason := why_it_stays(page):
        raise EditionsStandHere(reason)


@receiver(pre_save, dispatch_uid="guards")
def keep_in_place(sender: Any, instance: Any, **kwargs: Any) -> None:
    """Keep a document with editions published at its address, whatever is saved: page, specific page, by whom ever."""
    if not isinstance(instance, Page) or kwargs.get("raw"):
        return
    if getattr(instance, "alias_of_id", None) and issubclass(instance.specific_class or Page, LegalDocumentPage):
        raise EditionsStandHere(gettext("A document has no aliases: its text is sealed at one address. Make a link."))
    before = Page.objects.filter(pk=instance.pk).values("live", "slug").first() if instance.pk else None
    if before and (before["live"] > instance.live or before["slug"] != instance.slug):
        _refuse_to_hide(instance, before)


def _refuse_to_hide(page: Page, before: dict[str, Any]) -> None:
    # Without the front page nothing below it is reached; its slug stands in no address.
    standing = editions_below(page) if before["live"] > page.live else Edition.objects.filter(page=page.pk)
    if not standing.exists():
        return
    if page.expired and before["slug"] == page.slug:
        # A schedule has nobody to tell: the page stays, and its date of expiry goes.
        page.live, page.expired, page.expire_at = True, False, None
        return
    raise EditionsStandHere(why_it_stays(page))


@receiver([pre_delete, pre_save], sender=Site, dispatch_uid="guards")
def keep_the_site(sender: Any, instance: Site, **kwargs: Any) -> None:
    """Raise EditionsStandHere when a site under which editions are published would go or begin elsewhere."""
    before = Site.objects.filter(pk=instance.pk).select_related("root_page").first() if instance.pk else None
    stays = kwargs["signal"] is pre_save and before and before.root_page_id == instance.root_page_id
    if before and not stays:
        refuse_to_lose(before.root_page)

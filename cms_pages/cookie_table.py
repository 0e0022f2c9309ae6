"""Whether the table of cookies in a published document, sealed with its edition, still says what is declared."""

from __future__ import annotations

from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from wagtail.admin import messages

from cms_pages.models import Edition
from cms_pages.rendering import cookie_table_html, text_of


def editions_behind() -> list[Edition]:
    """Return the newest editions, one a document and language, whose table is not what is declared now."""
    newer = Edition.objects.filter(page=OuterRef("page"), number__gt=OuterRef("number"))
    newest = Edition.objects.filter(~Exists(newer), withdrawn=False).defer("html", "canonical_text")
    return [edition for edition in newest.select_related("page").order_by("page__path") if _is_behind(edition)]


def tell_what_is_behind(request: HttpRequest) -> None:
    """Tell an editor which documents still show the cookies as they were, each with the way to its editor."""
    for edition in editions_behind():
        words = {"title": edition.title, "language": edition.get_language_display()}  # type: ignore[attr-defined]
        told = gettext("“%(title)s” (%(language)s) still shows the cookies as they were. Publish it anew.") % words
        may = edition.page.permissions_for_user(request.user).can_edit()
        way = messages.button(reverse("wagtailadmin_pages:edit", args=(edition.page.pk,)), gettext("Open its editor"))
        messages.warning(request, told, [way] if may else [])


def _is_behind(edition: Edition) -> bool:
    blocks = [clause.block_type for section in edition.page.body for clause in section.value["clauses"]]
    sealed = [item["text"] for item in edition.clauses if item["kind"] == "table"]
    return "cookie_table" in blocks and text_of(cookie_table_html(edition.page)) not in sealed

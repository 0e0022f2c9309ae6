"""What an editor sees before publishing: what is in the way, what is worth knowing, what readers will find changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template

from cms_pages.difference import difference
from cms_pages.readiness import advice, blockers

if TYPE_CHECKING:
    from cms_pages.models import LegalDocumentPage

register = template.Library()


@register.inclusion_tag("cms_pages/admin/readiness.html")
def readiness(page: LegalDocumentPage) -> dict[str, Any]:
    """Return what the saved draft of this page lacks and changes; nothing for a page that is not saved yet."""
    if not page.pk:
        return {}
    return {
        "page": page,
        "blockers": [message for messages in blockers(page).values() for message in messages],
        "advice": advice(page),
        "difference": difference(page),
    }

"""Parts of Wagtail's admin that tell the state of documents: in the editor and on the home page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, Panel
from wagtail.admin.ui.components import Component
from wagtail.models import Locale

# Where each language's words stand together, under the name of the language.
LANGUAGES = settings.LANGUAGES


def in_languages(*fields: str) -> list[MultiFieldPanel]:
    """Return a panel a language with these fields in it."""
    return [
        MultiFieldPanel([FieldPanel(f"{field}_{code}") for field in fields], heading=name) for code, name in LANGUAGES
    ]


class ReadinessPanel(Panel):
    """What stands between the saved draft and its publication, and what readers will find changed."""

    class BoundPanel(Panel.BoundPanel):
        """The list for one document."""

        template_name = "cms_pages/admin/readiness_panel.html"


class DocumentsPanel(Component):
    """The state of every document in every language, on the admin's home page."""

    order = 50
    template_name = "cms_pages/admin/documents_panel.html"

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        """Return a table: a row a document, a cell a language."""
        from cms_pages.overview import document_states

        user = parent_context["request"].user
        order = [code for code, _name in settings.LANGUAGES]
        locales = sorted(Locale.objects.all(), key=lambda locale: order.index(locale.language_code))
        return {"locales": locales, "rows": document_states(user, locales), "heading": _("Legal documents")}

"""Parts of Wagtail's admin that tell the state of documents: in the editor and on the home page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import Panel
from wagtail.admin.ui.components import Component
from wagtail.models import Locale

from cms_pages.readiness import advice, blockers


class ReadinessPanel(Panel):
    """What stands between the saved draft and its publication."""

    class BoundPanel(Panel.BoundPanel):
        """The list for one document."""

        template_name = "cms_pages/admin/readiness_panel.html"

        def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
            """Add what blocks and what is worth knowing; nothing for a page that is not saved yet."""
            context: dict[str, Any] = super().get_context_data(parent_context)
            if self.instance.pk:
                found = blockers(self.instance)
                context["blockers"] = [message for messages in found.values() for message in messages]
                context["advice"] = advice(self.instance)
            return context


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

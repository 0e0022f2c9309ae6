"""The front page of a language."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page


class ParagraphBlock(blocks.StructBlock):
    """A heading with a few sentences."""

    heading = blocks.CharBlock(max_length=120, label=_("Heading"))
    text = blocks.TextBlock(label=_("Text"))

    class Meta:
        icon = "pilcrow"
        label = _("Paragraph")


class HomePage(Page):
    """What a visitor of the shop finds here: its documents, choices and data."""

    lead = models.TextField(_("lead"), blank=True, help_text=_("One or two sentences under the title."))
    body = StreamField([("paragraph", ParagraphBlock())], blank=True, verbose_name=_("paragraphs"))

    content_panels = [*Page.content_panels, FieldPanel("lead"), FieldPanel("body")]
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["cms_pages.LegalDocumentPage"]
    private_page_options: list[str] = []
    template = "cms_pages/home.html"

    class Meta:
        verbose_name = _("front page")
        verbose_name_plural = _("front pages")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add what every public page shows around its text."""
        from cms_pages.chrome import chrome_for

        return {**super().get_context(request, *args, **kwargs), "chrome": chrome_for(request, self)}

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer with a page that is the same for everybody."""
        from cms_pages.public import public

        return public(super().serve(request, *args, **kwargs).render())

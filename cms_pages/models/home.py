"""The front page of a language."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from cms_pages.blocks import CLAUSE_FEATURES, NamedRichTextBlock
from cms_pages.models.edition import Edition
from cms_pages.standing import Standing

WORDS = [*CLAUSE_FEATURES, "embed"]


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
    body = StreamField(
        [
            ("paragraph", ParagraphBlock()),
            ("text", NamedRichTextBlock(features=WORDS, label=_("Text with maps and videos"), icon="media")),
        ],
        blank=True,
        verbose_name=_("paragraphs"),
    )

    content_panels = [*Page.content_panels, FieldPanel("lead"), FieldPanel("body")]
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["cms_pages.LegalDocumentPage"]
    private_page_options: list[str] = []
    template = "cms_pages/home.html"

    class Meta:
        verbose_name = _("front page")
        verbose_name_plural = _("front pages")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the documents in force and what every public page shows around its text."""
        from cms_pages.chrome import chrome_for
        from cms_pages.rendering import rich_html

        return {
            **super().get_context(request, *args, **kwargs),
            "chrome": chrome_for(request, self),
            "documents": self.editions_in_force(),
            "paragraphs": [block.value for block in self.body if block.block_type == "paragraph"],
            "texts": [rich_html(block.value.source) for block in self.body if block.block_type == "text"],
            "canonical_url": request.build_absolute_uri(f"/{self.locale.language_code}/"),
        }

    def clean(self) -> None:
        """Refuse a date on which the front page, and the way to its documents, would vanish."""
        super().clean()
        if self.expire_at:
            raise ValidationError({"expire_at": _("A front page stays: its documents are published below it.")})

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """Delete a front page without documents; raise EditionsStandHere when editions are published below it."""
        from cms_pages.guards import refuse_to_lose

        with transaction.atomic():
            refuse_to_lose(self)
            return super().delete(*args, **kwargs)

    def editions_in_force(self) -> list[Edition]:
        """Return the edition in force of each document below, in the tree's order."""
        editions = Edition.objects.filter(page__path__startswith=self.path, page__live=True).without_texts()
        ordered = editions.select_related("page").order_by("page__path", "-number")
        standings = (Standing(list(group)) for _page, group in groupby(ordered, key=lambda edition: edition.page_id))
        return [one.in_force for one in standings if one.in_force and not one.in_force.withdrawn]

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer with a page that is the same for everybody, until a document below changes."""
        from cms_pages.public import public

        context = self.get_context(request)
        response = render(request, self.template, context)
        coming = Edition.objects.filter(page__path__startswith=self.path, in_force_from__gt=timezone.now())
        first = coming.aggregate(first=Min("in_force_from"))["first"]
        return public(response, until=first, hosts=context["chrome"].optional_hosts)

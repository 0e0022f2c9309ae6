"""One published, numbered, dated, immutable text of a document in one language."""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from typing import Any, ClassVar, NamedTuple

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from cabinet.audit.append_only import AppendOnlyModel, AppendOnlyQuerySet
from cms_pages.rendering import anchor_of
from cms_pages.standing import Standing, State

LONG_TEXTS = ("html", "canonical_text", "outline")
TABLE_OF_DATA = re.compile(r'(<table class="[^"]*\bdata-register".*?</table>)', re.DOTALL)  # data_register.html


class AroundTheTable(NamedTuple):
    """A sealed text parted in three."""

    before: SafeString
    table: SafeString
    after: SafeString

    @property
    def kinds(self) -> int:
        """Return how many kinds of data the table names; 0 where there is no table, or one of an earlier form."""
        return self.table.count('<th scope="row">')


class EditionQuerySet(AppendOnlyQuerySet):
    """Editions of documents, newest first unless asked otherwise."""

    def without_texts(self) -> EditionQuerySet:
        """Leave the long texts in the database until somebody asks for them."""
        return self.defer(*LONG_TEXTS)

    def in_force(self, at: datetime | None = None) -> Edition | None:
        """Return which of one document's editions is in force (standing.py tells the rule)."""
        newest_first: list[Any] = list(self.order_by("-number"))
        return Standing(newest_first, at).in_force


class Edition(AppendOnlyModel):
    """A sealed text. Wagtail's revisions are working history; this is what was published."""

    page = models.ForeignKey("cms_pages.LegalDocumentPage", on_delete=models.PROTECT, related_name="editions")
    revision = models.ForeignKey("wagtailcore.Revision", on_delete=models.PROTECT, related_name="+")
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    number = models.PositiveIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=255)
    html = models.TextField(_("frozen HTML"))
    canonical_text = models.TextField(_("canonical text"))
    level = models.PositiveIntegerField(_("level among the languages"))
    sha256 = models.CharField(_("SHA-256 of the canonical text"), max_length=64)
    outline = models.TextField(_("clauses"))  # JSON, read only where it is needed: a page loads many editions
    summary = models.TextField(_("what changed"), blank=True)
    material = models.BooleanField(_("material change"), default=False)
    only_this_language = models.BooleanField(_("only this language"), default=False)
    withdrawn = models.BooleanField(_("document withdrawn"), default=False)
    in_force_from = models.DateTimeField(_("in force from"))
    published_at = models.DateTimeField(_("published"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("author")
    )
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("approver")
    )

    # Set by a shelf, for the moment at which it was read.
    state: State
    in_force_until: datetime | None

    objects: ClassVar[Any] = EditionQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        constraints = [models.UniqueConstraint(fields=["page", "number"], name="one_edition_per_number")]
        ordering = ["-number"]
        verbose_name = _("edition")
        verbose_name_plural = _("editions")

    def __str__(self) -> str:
        return f"{self.title} ({self.language}), {self.number}"

    @cached_property
    def clauses(self) -> list[dict[str, Any]]:
        """Return headings and clauses in reading order: kind, id, name in the link, number, text."""
        return list(json.loads(self.outline))

    @property
    def body(self) -> SafeString:
        """Return the frozen HTML: our own template's output over cleaned text, sealed since (see publishing.py)."""
        return SafeString(self.html)

    @cached_property
    def around_the_table(self) -> AroundTheTable:
        """Return the frozen HTML parted at the table of personal data; all of it stands before where there is none."""
        parts = AroundTheTable(*map(SafeString, (*TABLE_OF_DATA.split(self.html, maxsplit=1), "", "")[:3]))
        return parts if parts.kinds else AroundTheTable(self.body, SafeString(), SafeString())

    @property
    def plain_words(self) -> str:
        """Return the summary in plain words as it was sealed; empty where there was none."""
        return next((str(item["text"]) for item in self.clauses if item["kind"] == "plain"), "")

    @property
    def day_in_force(self) -> date:
        """Return the day of the shop's zone from which it is in force."""
        return timezone.localdate(self.in_force_from, timezone.get_default_timezone())

    @property
    def day_published(self) -> date:
        """Return the day of the shop's zone on which it was published."""
        return timezone.localdate(self.published_at, timezone.get_default_timezone())

    @property
    def points(self) -> list[str]:
        """Return what changed, a sentence each."""
        return [line.strip() for line in self.summary.splitlines() if line.strip()]

    def is_coming(self, at: datetime | None = None) -> bool:
        """Say whether its date is still ahead."""
        return self.in_force_from > (at or timezone.now())

    @property
    def contents(self) -> list[dict[str, Any]]:
        """Return the headings of the sections, each with the fragment that leads to it."""
        return [{**item, "anchor": anchor_of(item)} for item in self.clauses if item["kind"] == "section"]

    def anchor_of(self, uid: str) -> str:
        """Return the fragment that leads to the heading or clause of this id; empty where it does not stand here."""
        return next((anchor_of(item) for item in self.clauses if item["id"] == uid), "")

    def same_text_as(self, other: Edition | None) -> bool:
        """Say whether publishing this after `other` would change nothing a reader can read."""
        return other is not None and (self.sha256, self.withdrawn) == (other.sha256, other.withdrawn)

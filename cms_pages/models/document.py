"""A legal document in one language; what visitors read of it are its editions."""

from __future__ import annotations

from collections.abc import Iterable
from contextvars import ContextVar
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList, TabbedInterface
from wagtail.fields import StreamField
from wagtail.log_actions import LogContext, get_active_log_context
from wagtail.models import Page, Revision

from cms_pages.blocks import BodyBlock
from cms_pages.forms import OF_ONE_EDITION, LegalDocumentForm
from cms_pages.panels import ReadinessPanel


class DocumentKind(models.TextChoices):
    """What a document is, as the law and the shop's staff call it."""

    POLICY = "policy", _("Privacy policy")
    OFFER = "offer", _("Public offer")
    COOKIE_POLICY = "cookie_policy", _("Cookie policy")
    CONSENT = "consent", _("Consent text")
    BONUS_RULES = "bonus_rules", _("Bonus rules")


# The first step of addresses that are not documents (house.md, Addresses).
RESERVED_SLUGS = {"accounts", "cabinet", "clauses", "cookies", "editions", "erasure", "letters", "orders", "print"}
# The revision that is being published here and now; anything else that is saved may come from a page read long ago.
GOING_LIVE: ContextVar[int] = ContextVar("going_live", default=0)


class LegalDocumentPage(Page):
    """A policy, an offer, rules: edited here, published as sealed editions."""

    kind = models.CharField(_("kind"), max_length=20, choices=DocumentKind.choices, default=DocumentKind.POLICY)
    plain_words = models.TextField(
        _("in plain words"), blank=True, help_text=_("A few short sentences before the text itself.")
    )
    body = StreamField(BodyBlock(), blank=True, verbose_name=_("text"))

    change_summary = models.TextField(
        _("what changes"),
        blank=True,
        help_text=_("Two to five points, one a line. Readers see them above the text, in the archive and in the feed."),
    )
    material = models.BooleanField(
        _("material change"), default=False, help_text=_("It touches people's rights or what is done with their data.")
    )
    in_force_from = models.DateField(
        _("in force from"), null=True, blank=True, help_text=_("Empty: from the moment it is published.")
    )
    only_this_language = models.BooleanField(
        _("concerns this language only"),
        default=False,
        help_text=_("A slip of the pen or of translation: the other languages need not follow."),
    )
    replaces_announced = models.BooleanField(
        _("replace the announced edition"),
        default=False,
        help_text=_("The announced edition never comes into force. What it was to change begins with this text."),
    )
    withdrawn = models.BooleanField(
        _("withdraw the document"),
        default=False,
        help_text=_("Its pages stay at their addresses and say that it is no longer in force."),
    )

    live_revision_id: int | None  # Wagtail's
    parent_page_types = ["cms_pages.HomePage"]
    subpage_types: list[str] = []
    private_page_options: list[str] = []
    base_form_class = LegalDocumentForm
    # A copy or a translation begins a history of its own.
    exclude_fields_in_copy = [*OF_ONE_EDITION, "withdrawn"]
    template = "cms_pages/document.html"

    content_panels = [*Page.content_panels, FieldPanel("kind"), FieldPanel("plain_words"), FieldPanel("body")]
    edition_panels = [
        ReadinessPanel(heading=_("Before publishing")),
        FieldPanel("change_summary"),
        FieldPanel("in_force_from"),
        MultiFieldPanel(
            [
                FieldPanel("material"),
                FieldPanel("only_this_language"),
                FieldPanel("replaces_announced"),
                FieldPanel("withdrawn"),
            ],
            heading=_("Kind of change"),
        ),
    ]
    edit_handler = TabbedInterface(
        [
            ObjectList(content_panels, heading=_("Text")),
            ObjectList(edition_panels, heading=_("This edition")),
            ObjectList([FieldPanel("slug")], heading=_("Address")),
            ObjectList(Page.settings_panels, heading=_("Schedule")),
        ]
    )

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")

    @property
    def language(self) -> str:
        """Return the language code of the text."""
        return self.locale.language_code

    @property
    def preview_modes(self) -> list[tuple[str, Any]]:
        """Name the ways an editor can look at a draft."""
        return [
            ("", _("Page")),
            ("print", _("Print")),
            ("archive", _("In the archive, once superseded")),
            ("changes", _("Changes since the last edition")),
        ]

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """Render the draft as visitors would meet it."""
        from cms_pages.views import preview

        return preview(request, self, mode_name)

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Raise Http404: a document with editions is served by its own address (urls.py), one without by none."""
        raise Http404

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; when a revision goes live with it, seal it as an edition, both or neither.

        Publishing by hand, by schedule, by workflow, in bulk or from code has only this step in common.
        """
        from cms_pages.publishing import seal_published

        with transaction.atomic():
            before = self._locked()
            goes_live = self._goes_live(before, kwargs.get("update_fields"))
            super().save(*args, **kwargs)
            if goes_live:
                seal_published(self, self.live_revision)

    def _goes_live(self, before: LegalDocumentPage | None, fields: Iterable[str] | None) -> bool:
        """Say whether this save brings another revision to readers.

        A page that was read before somebody published names an older revision than the stored one. Saved as a draft it
        writes no such field; saved whole, it takes over what is live instead of putting its own in the place.
        """
        written = {"live_revision", "live_revision_id"} if fields is None else {*fields}
        if not (self.live and self.live_revision_id) or written.isdisjoint({"live_revision", "live_revision_id"}):
            return False
        stored = before.live_revision_id if before else None
        if stored and self.live_revision_id < stored and self.live_revision_id != GOING_LIVE.get():
            self.live_revision_id = stored
        return self.live_revision_id != stored

    def publish(self, revision: Revision, *args: Any, user: Any = None, **kwargs: Any) -> None:
        """Publish or schedule a revision; whoever does is asked for what readers need and remembered as approver.

        Wagtail strikes a revision off the schedule before it goes live: a process that ends between must lose neither.
        """
        from cms_pages.publishing import refuse_unready

        with LogContext(user=user or get_active_log_context().user), transaction.atomic():
            self._locked()
            refuse_unready(revision.as_object())
            before = GOING_LIVE.set(revision.pk)
            try:
                super().publish(revision, *args, user=user, **kwargs)
            finally:
                GOING_LIVE.reset(before)

    def _locked(self) -> LegalDocumentPage | None:
        """Return the stored page, its row locked: one publication at a time, they may arrive in the same second."""
        stored = type(self).objects.select_for_update(of=("self",))
        return stored.filter(pk=self.pk).first() if self.pk else None

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """Delete a page that nobody relies on; raise EditionsStandHere when it has editions."""
        from cms_pages.guards import refuse_to_lose

        with transaction.atomic():
            refuse_to_lose(self)
            return super().delete(*args, **kwargs)

    def clean(self) -> None:
        """Refuse what would break an address or make a sealed text vanish."""
        super().clean()
        if self.expire_at:
            raise ValidationError({"expire_at": _("A document is not unpublished. Withdraw it instead.")})
        if self.slug in RESERVED_SLUGS:
            raise ValidationError({"slug": _("This address belongs to another part of the site.")})
        if self.pk and self.editions.exists():  # type: ignore[attr-defined]
            old = type(self).objects.only("slug").get(pk=self.pk).slug
            if self.slug != old:
                raise ValidationError(
                    {"slug": _("Editions are published at “%(slug)s”; their address cannot change.") % {"slug": old}}
                )

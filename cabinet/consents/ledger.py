"""The ledger of consents: the words, who said yes or no to them and when, and what leads back to the person."""

from __future__ import annotations

from datetime import UTC
from hashlib import sha256
from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cabinet.audit.append_only import AppendOnlyModel, AppendOnlyQuerySet
from cabinet.audit.chain import compact
from cabinet.consents.numbers import new_public_id
from cabinet.register.categories import Purpose


class Medium(models.TextChoices):
    """How news reaches somebody."""

    EMAIL = "email", pgettext_lazy("medium", "by e-mail")
    SMS = "sms", pgettext_lazy("medium", "by SMS")


class Channel(models.TextChoices):
    """By which way a consent was given or withdrawn (policy 1: by ordering, on the site, by phone)."""

    SITE = "site", pgettext_lazy("channel", "on the site")
    PHONE = "phone", pgettext_lazy("channel", "by phone")
    LETTER = "letter", pgettext_lazy("channel", "by the link in a letter, or by a letter to us")
    PAPER = "paper", pgettext_lazy("channel", "on paper")
    SHOP = "shop", pgettext_lazy("channel", "in the shop's order form")


class ConsentText(AppendOnlyModel):
    """The eight-part text of one consent, as it was shown, with the editions it points at (94-V, art. 8(4))."""

    purpose = models.CharField(_("purpose"), max_length=40, choices=Purpose.choices)
    medium = models.CharField(_("medium"), max_length=10, choices=Medium.choices, blank=True)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    parts = models.JSONField(_("parts"))  # [{"heading": …, "lines": […]}], what the text is laid out from
    text = models.TextField(_("text"))
    sha256 = models.CharField(_("SHA-256 of the text"), max_length=64, unique=True)
    policy = models.ForeignKey(
        "cms_pages.Edition", on_delete=models.PROTECT, related_name="+", verbose_name=_("edition of the policy")
    )
    document = models.ForeignKey(
        "cms_pages.Edition",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("edition of the consent document"),
    )
    made_at = models.DateTimeField(_("first agreed to"), default=timezone.now)

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("text of a consent")
        verbose_name_plural = _("texts of consents")

    def __str__(self) -> str:
        return self.sha256


class ConsentReceiptQuerySet(AppendOnlyQuerySet):
    """Receipts of consents."""

    def of(self, subject: UUID) -> ConsentReceiptQuerySet:
        """Return one person's."""
        return self.filter(subject=subject)

    def standing(self) -> ConsentReceiptQuerySet:
        """Return those that no later answer follows: at most one for each person, purpose and medium."""
        # In these words PostgreSQL knows it for an anti-join and guesses its rows right; `follower=None` it does not.
        return self.filter(~Exists(self.model._default_manager.filter(follows=OuterRef("pk"))))

    def in_force(self) -> ConsentReceiptQuerySet:
        """Return the consents that hold."""
        return self.standing().filter(given=True)


class ConsentReceipt(AppendOnlyModel):
    """One yes or no. It outlives the account and names nobody (94-V, art. 25(2)(5): operators prove consent)."""

    public_id = models.CharField(_("number"), max_length=19, unique=True, default=new_public_id)
    subject = models.UUIDField(_("mark of the person"))  # Customer.subject; no foreign key, for it stays when they go
    purpose = models.CharField(_("purpose"), max_length=40, choices=Purpose.choices)
    medium = models.CharField(_("medium"), max_length=10, choices=Medium.choices, blank=True)
    given = models.BooleanField(_("given"))  # no: withdrawn
    at = models.DateTimeField(pgettext_lazy("consent", "recorded"))
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    recorded_by = models.CharField(_("recorded by"), max_length=40, blank=True)  # public id of staff; empty: the person
    text = models.ForeignKey(ConsentText, on_delete=models.PROTECT, related_name="+", verbose_name=_("text"))
    text_sha256 = models.CharField(_("SHA-256 of the text"), max_length=64)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    # One to one: the database itself lets nobody follow a receipt twice, so an answer is never ambiguous.
    follows = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="follower", verbose_name=_("follows")
    )
    name_commitment = models.CharField(_("commitment to the name"), max_length=64)  # see SignedName
    digest = models.CharField(_("SHA-256 of the receipt"), max_length=64)

    objects: ClassVar[Any] = ConsentReceiptQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "purpose", "medium"], condition=Q(follows=None), name="one_first_consent"
            )
        ]
        indexes = [
            models.Index(fields=["subject", "-id"], name="consents_of_subject"),
            models.Index(fields=["purpose", "medium", "subject"], condition=Q(given=True), name="consents_to_write_to"),
        ]
        default_permissions = ("view",)
        verbose_name = _("consent receipt")
        verbose_name_plural = _("consent receipts")

    def __str__(self) -> str:
        return self.public_id

    def facts(self) -> dict[str, Any]:
        """Return what the digest covers: everything the receipt says."""
        return {
            "receipt": self.public_id,
            "subject": str(self.subject),
            "purpose": str(self.purpose),
            "medium": str(self.medium),
            "given": self.given,
            "at": self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "channel": str(self.channel),
            "recorded_by": self.recorded_by,
            "text_sha256": self.text_sha256,
            "language": self.language,
            "follows": self.follows.public_id if self.follows else "",
            "name_commitment": self.name_commitment,
        }

    def canonical(self) -> str:
        """Return the facts as the one JSON text whose SHA-256 in UTF-8 is the digest."""
        return compact(self.facts())

    def seal(self) -> ConsentReceipt:
        """Compute the digest and keep the receipt."""
        self.digest = sha256(self.canonical().encode()).hexdigest()
        self.save()
        return self


class SignedName(models.Model):
    """Whose consents they are, by the name they bore then: a receipt holds its hash, this row goes with the person."""

    wagtail_reference_index_ignore = True

    subject = models.UUIDField(_("mark of the person"))  # a customer's, or that of who ordered without an account
    full_name = models.CharField(_("name under which you consented"), max_length=301, blank=True)
    salt = models.CharField(max_length=64)  # 32 bytes: without it a commitment tells no name, not even to a guesser
    commitment = models.CharField(max_length=64, unique=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "full_name"], name="one_commitment_per_name")]
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def opened(self) -> str:
        """Return the text whose SHA-256 in UTF-8 is the commitment: the salt, then the name."""
        return f"{self.salt}{self.full_name}"


class EditionTold(models.Model):
    """That a customer was written to about an edition: once for each step of a document, in whatever language."""

    wagtail_reference_index_ignore = True

    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    document = models.UUIDField(_("document"))  # what its translations have in common
    level = models.PositiveIntegerField(_("edition"))
    told_at = models.DateTimeField(pgettext_lazy("letter", "written to you"), default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "document", "level"], name="told_once")]
        ordering = [F("told_at").desc(), "-pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.pk)


class Recipient(models.Model):
    """A third party to whom the shop hands customers' data, where they agree (policy 3.2)."""

    name = models.CharField(_("legal name"), max_length=255)
    country = models.CharField(
        _("country"),
        max_length=2,
        default="KZ",
        help_text=_("Two letters, such as KZ. Anything else is told as a transfer across the border."),
    )
    purpose_ru = models.CharField(_("what for, in Russian"), max_length=255)
    purpose_kk = models.CharField(_("what for, in Kazakh"), max_length=255)
    purpose_en = models.CharField(_("what for, in English"), max_length=255)

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("recipient of data")
        verbose_name_plural = _("recipients of data")

    def __str__(self) -> str:
        return self.name

    @property
    def is_abroad(self) -> bool:
        """Say whether data crosses the border to them."""
        return self.country.upper() != "KZ"

"""The receipt of a cookie choice: who can show it can prove what was asked and what was answered."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cabinet.audit.append_only import AppendOnlyModel, AppendOnlyQuerySet
from cabinet.consents.ledger import ConsentReceipt, ConsentText, EditionTold, Recipient, SignedName
from cabinet.consents.numbers import NUMBER, new_public_id
from cabinet.consents.pending import PendingWithdrawal

__all__ = [
    "NUMBER",
    "ConsentReceipt",
    "ConsentText",
    "CookieReceipt",
    "EditionTold",
    "Method",
    "PendingWithdrawal",
    "ReceiptOwner",
    "Recipient",
    "SignedName",
    "new_public_id",
]


class Method(models.TextChoices):
    """How the choice was made."""

    BANNER = "banner", _("banner")
    PAGE = "page", _("cookies page")
    GPC = "gpc", _("the browser's Global Privacy Control")
    CABINET = "cabinet", _("cabinet")


class CookieReceipt(AppendOnlyModel):
    """One choice, as it was made, without address, browser or name (94-V, art. 25(2)(5): operators prove it)."""

    public_id = models.CharField(_("number"), max_length=19, unique=True, default=new_public_id)
    made_at = models.DateTimeField(_("made"), db_index=True)
    banner = models.ForeignKey(
        "cms_pages.BannerEdition", on_delete=models.PROTECT, related_name="+", verbose_name=_("edition of the banner")
    )
    banner_sha256 = models.CharField(_("SHA-256 of the banner's text"), max_length=64)
    policy = models.ForeignKey(
        "cms_pages.Edition",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("edition of the cookie policy"),
    )
    policy_sha256 = models.CharField(_("SHA-256 of the cookie policy"), max_length=64, blank=True)
    choices = models.JSONField(_("choices"))  # {group: allowed or not}, every group that was asked about
    method = models.CharField(_("method"), max_length=10, choices=Method.choices)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    gpc = models.BooleanField(_("the browser signalled Global Privacy Control"))
    follows = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("changes the choice")
    )

    objects: ClassVar[Any] = AppendOnlyQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        ordering = ["-made_at", "-pk"]
        verbose_name = _("cookie receipt")
        verbose_name_plural = _("cookie receipts")

    def __str__(self) -> str:
        return self.public_id

    @property
    def allowed(self) -> list[str]:
        """Return the groups that may be loaded."""
        return [group for group, allowed in self.choices.items() if allowed]


class ReceiptOwner(models.Model):
    """Whose receipt it is, once its browser has signed in; goes with the person while the receipt stays as it is."""

    wagtail_reference_index_ignore = True

    receipt = models.OneToOneField(CookieReceipt, on_delete=models.PROTECT, related_name="ownership")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return str(self.receipt)

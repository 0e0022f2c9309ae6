"""Under lock: what the law keeps of somebody who is gone, in a place of its own, until a day (Digital Code, 41)."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from cabinet.at_rest import seal, unseal
from cabinet.customers.ids import new_public_id

PURPOSE = b"kelisim: restricted data"


class RestrictedQuerySet(models.QuerySet["Restricted"]):
    """What stands under lock."""

    def over(self, at: Any = None) -> RestrictedQuerySet:
        """Return what nobody demands any longer."""
        return self.filter(until__lte=at or timezone.now())


class Restricted(models.Model):
    """What papers must tell, sealed: one row for the same words, law and day, with the papers it is for."""

    wagtail_reference_index_ignore = True

    public_id = models.CharField(_("number"), max_length=16, unique=True, editable=False, default=new_public_id)
    # Of the erasure; no foreign key, for nothing must lead here from a person. Empty for who had no account.
    erasure = models.CharField(_("erasure"), max_length=13, blank=True, db_index=True)
    category = models.CharField(_("category"), max_length=60)
    law = models.CharField(_("law"), max_length=200)
    since = models.DateTimeField(pgettext_lazy("restricted", "since"), default=timezone.now)
    until = models.DateTimeField(pgettext_lazy("restricted", "until"), db_index=True)
    sealed = models.TextField()

    objects: ClassVar[Any] = RestrictedQuerySet.as_manager()

    class Meta:
        ordering = [F("until").asc(), "pk"]
        default_permissions = ("view",)
        permissions = [("read_restricted", "Can read what is kept under lock, with a reason")]
        verbose_name = _("data under lock")
        verbose_name_plural = _("data under lock")

    def __str__(self) -> str:
        return self.public_id

    @property
    def law_name(self) -> str:
        """Return the article in the reader's language."""
        return gettext(self.law)

    @property
    def words(self) -> dict[str, str]:
        """Return what is kept, by the name of its field; raise InvalidToken when no key opens it."""
        found: dict[str, str] = json.loads(unseal(self.sealed, PURPOSE))
        return found

    @words.setter
    def words(self, words: dict[str, str]) -> None:
        self.sealed = seal(json.dumps(words, ensure_ascii=False, sort_keys=True), PURPOSE)


class RestrictedReference(models.Model):
    """The paper that something under lock belongs to: an order's number."""

    wagtail_reference_index_ignore = True

    restricted = models.ForeignKey(Restricted, on_delete=models.CASCADE, related_name="references")
    reference = models.CharField(_("number"), max_length=60, db_index=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.reference

"""The operator as the law sees it: who answers for the data, and how to reach them."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.models import Locale, Page

# A business identification number has twelve digits (Law of the RK of 12.01.2007 No. 223, on national registers).
bin_validator = RegexValidator(r"^\d{12}$", _("A BIN has 12 digits."))


CARD_FIELDS = ("bin", "privacy_email", "phone")
TEXT_FIELDS = ("legal_name", "address", "responsible_person", "regulator")


@register_setting(icon="user")
class OperatorCard(BaseSiteSetting, ClusterableModel):
    """A site's operator: what is the same in every language; the rest stands in `texts`."""

    bin = models.CharField(_("BIN"), max_length=12, blank=True, validators=[bin_validator])
    privacy_email = models.EmailField(_("e-mail for privacy requests"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)

    panels = [
        *(FieldPanel(name) for name in CARD_FIELDS),
        InlinePanel("texts", label=_("In a language"), heading=_("In each language")),
    ]

    class Meta:
        verbose_name = _("operator's card")

    def __str__(self) -> str:
        return str(_("Operator's card"))

    @classmethod
    def of(cls, page: Page) -> OperatorCard:
        """Return the card of the page's site; an empty one, not stored, where nobody has filled one in."""
        site = page.get_site()
        return (site and cls.objects.filter(site=site).first()) or cls()

    def text_in(self, language: str) -> OperatorText:
        """Return the card's text in a language, an empty one where there is none."""
        found = OperatorText.objects.filter(card=self.pk, locale__language_code=language).first() if self.pk else None
        return found or OperatorText()

    def missing(self, language: str) -> list[str]:
        """Return the names of the fields that are still empty in this language."""
        text = self.text_in(language)
        fields = [(self, name) for name in CARD_FIELDS] + [(text, name) for name in TEXT_FIELDS]
        return [capfirst(label(holder, name)) for holder, name in fields if not getattr(holder, name).strip()]


def label(model: models.Model, name: str) -> str:
    """Return a field's name as people read it."""
    field = model._meta.get_field(name)
    return str(getattr(field, "verbose_name", name))


class OperatorText(models.Model):
    """The operator's card in one language."""

    card = ParentalKey(OperatorCard, on_delete=models.CASCADE, related_name="texts")
    locale = models.ForeignKey(
        Locale, on_delete=models.PROTECT, related_name="operator_texts", verbose_name=_("language")
    )
    legal_name = models.CharField(_("legal name"), max_length=255, blank=True)
    address = models.CharField(_("address"), max_length=255, blank=True)
    responsible_person = models.CharField(_("person responsible for personal data"), max_length=255, blank=True)
    regulator = models.CharField(_("regulator"), max_length=255, blank=True)

    panels = [FieldPanel(name) for name in ("locale", *TEXT_FIELDS)]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["card", "locale"], name="one_operator_text_per_language")]
        verbose_name = _("operator's card in a language")

    def __str__(self) -> str:
        return self.legal_name

"""What a browser posts when somebody has chosen."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from cabinet.consents.models import Method
from cms_pages.cookie_answer import Answer
from cms_pages.cookies import is_asked
from cms_pages.models import BannerEdition

ACCEPT, REJECT, SAVE, ADD, GPC = "accept", "reject", "save", "add", "gpc"
OUT_OF_DATE = _("This form is out of date. Load the page again: the question may have changed.")


class ChoiceForm(forms.Form):
    """A choice about the groups of one edition of the banner, as the visitor saw it."""

    banner = forms.IntegerField(min_value=1, max_value=2**31 - 1, error_messages={"required": OUT_OF_DATE})
    language = forms.ChoiceField(choices=settings.LANGUAGES)
    choice = forms.ChoiceField(choices=[(name, name) for name in (ACCEPT, REJECT, SAVE, ADD, GPC)])
    origin = forms.ChoiceField(
        choices=[(name, name) for name in (Method.BANNER, Method.PAGE, Method.CABINET)], required=False
    )
    next = forms.CharField(max_length=500, required=False)
    receipt = forms.CharField(max_length=19, required=False)  # of the choice to change, when it is not this browser's

    edition: BannerEdition
    choices: dict[str, bool]

    def __init__(self, posted: QueryDict, *, before: Answer) -> None:
        """Take what was posted, and what the browser has answered before."""
        super().__init__(posted)
        self.posted, self.before = posted, before

    def clean(self) -> dict[str, Any]:
        """Find the edition and decide each group that it asks about; refuse a group it does not know."""
        said: dict[str, Any] = super().clean() or {}
        if self.errors:
            return said
        found = BannerEdition.objects.filter(number=said["banner"], language=said["language"]).first()
        asked = [group["varname"] for group in found.content["groups"] if is_asked(group)] if found else []
        if found is None or not asked:
            raise ValidationError(OUT_OF_DATE)
        chosen = set(self.posted.getlist("groups")) if said["choice"] in {SAVE, ADD} else set()
        if chosen - set(asked):
            raise ValidationError(OUT_OF_DATE)
        if said["choice"] == ADD:
            chosen |= {group["varname"] for group in found.content["groups"] if self.before.allows(group)}
        self.edition = found
        self.choices = {name: said["choice"] == ACCEPT or name in chosen for name in asked}
        return said

    @property
    def method(self) -> str:
        """Return how the choice was made; a form that does not say stands on the cookies page."""
        return Method.GPC if self.cleaned_data["choice"] == GPC else self.cleaned_data["origin"] or Method.PAGE

    @property
    def way_back(self) -> str:
        """Return where the visitor came from, within this site, at the words that confirm the choice."""
        path, language = self.cleaned_data["next"], self.cleaned_data["language"]
        is_here = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
        return f"{path.partition('#')[0] if is_here else f'/{language}/cookies/'}#cookie_said"

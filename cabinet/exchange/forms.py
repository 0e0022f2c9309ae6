"""Forms in which operators say who may send to us and who hears of us."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from cabinet.exchange.calling import NotAllowed, parts_of
from cabinet.exchange.keys import known_scopes
from cabinet.exchange.models import Endpoint, Key
from cabinet.exchange.sending import sent
from cabinet.exchange.signing import new_secret


class KeyForm(WagtailAdminModelForm):
    """Which shop engine may send what; its secret is made once, and no form shows it."""

    scopes = forms.CharField(
        label=_("Events it may send"),
        widget=forms.Textarea({"rows": 4}),
        help_text=_("One in a line: a type such as order.placed, a family such as order.*, or * for all."),
    )

    class Meta:
        model = Key
        fields = ["source", "scopes", "not_after"]
        help_texts = {
            "source": _("Small letters; a shop engine with a mapping of its own by its name, as woocommerce.")
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["scopes"] = "\n".join(self.instance.scopes)

    def clean_scopes(self) -> list[str]:
        """Return the scopes, each once."""
        return known_scopes(self.cleaned_data["scopes"].splitlines())

    def save(self, commit: bool = True) -> Key:
        """Give a new key its secret."""
        self.secret = "" if self.instance.pk else new_secret()
        if self.secret:
            self.instance.secret = self.secret
        return super().save(commit=commit)


class EndpointForm(WagtailAdminModelForm):
    """Where we send, and what. Making a paused address active begins the count of failures anew."""

    url = forms.URLField(label=_("Address"), max_length=500, assume_scheme="https")
    types = forms.MultipleChoiceField(label=_("Events it hears"), widget=forms.CheckboxSelectMultiple)

    class Meta:
        model = Endpoint
        fields = ["url", "description", "types", "active"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["types"].choices = [(type_, type_) for type_ in sorted({*sent, *self.instance.types})]

    def clean_url(self) -> str:
        """Return the address; one that may not be called is refused before anything is sent there."""
        try:
            parts_of(self.cleaned_data["url"])
        except NotAllowed as error:
            told = _(
                "The address begins with https:// and names a host of the internet, neither a user nor a password."
            )
            raise ValidationError(told) from error
        return self.cleaned_data["url"]

    def save(self, commit: bool = True) -> Endpoint:
        """Give a new address its secret."""
        self.secret = "" if self.instance.pk else new_secret()
        if self.secret:
            self.instance.secret = self.secret
        if self.instance.active:
            self.instance.paused_reason, self.instance.dead_in_a_row = "", 0
        return super().save(commit=commit)

"""The word that must be typed before an account goes: a hand that slips does not type it."""

from __future__ import annotations

import unicodedata
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

WORDS = {"ru": "УДАЛИТЬ", "kk": "ЖОЮ", "en": "DELETE"}
# A keyboard in the wrong layout, or a phone's: letters that look the same are the same here.
LOOK_ALIKE = str.maketrans("ABCEHKMOPTXY", "АВСЕНКМОРТХУ")


def plain(word: str) -> str:
    """Return a word as it is compared: without spaces around, in large letters, Latin look-alikes as Cyrillic."""
    return unicodedata.normalize("NFKC", word).strip(" \t\n«»“”\"'.").upper().translate(LOOK_ALIKE)


ACCEPTED = {plain(word) for word in WORDS.values()}


class ConfirmForm(forms.Form):
    """The typed word, in any of the three languages, and a tick for bonuses that would be lost."""

    word = forms.CharField(
        max_length=30,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    bonuses = forms.BooleanField(
        label=_("I give up my bonuses"), error_messages={"required": _("Tick this, or spend the bonuses first.")}
    )

    def __init__(self, *args: Any, bonuses: Decimal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["word"].label = _("Type the word %(word)s") % {"word": WORDS.get(get_language() or "", "DELETE")}
        if bonuses <= 0:
            del self.fields["bonuses"]

    def clean_word(self) -> str:
        """Return the word; refuse any other."""
        if plain(self.cleaned_data["word"]) not in ACCEPTED:
            raise forms.ValidationError(_("This is not the word. Nothing was deleted."))
        return str(self.cleaned_data["word"])

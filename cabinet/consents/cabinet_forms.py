"""What the cabinet's pages of consents and subscriptions post."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict

from cabinet.consents.purposes import cells
from cabinet.consents.rows import Row

YES, NO = "yes", "no"


class AnswerForm(forms.Form):
    """An answer to one consent; `words` is the hash of the text that was shown."""

    consent = forms.CharField(max_length=60)
    answer = forms.ChoiceField(choices=[(YES, YES), (NO, NO)])
    words = forms.CharField(max_length=64, required=False)
    again = forms.BooleanField(required=False)  # it is asked for again after a material edition

    def clean_consent(self) -> tuple[str, str]:
        """Return purpose and medium; refuse what is none of ours."""
        purpose, _colon, medium = self.cleaned_data["consent"].partition(":")
        if (purpose, medium) not in {(str(asked.purpose), by) for asked, by in cells()}:
            raise forms.ValidationError("unknown")
        return purpose, medium

    @property
    def given(self) -> bool:
        """Say whether it is a yes."""
        return bool(self.cleaned_data["answer"] == YES)


class Wishes:
    """A grid as it was posted: only what was changed against what was shown counts, so two windows undo nothing."""

    def __init__(self, posted: QueryDict, rows: list[Row]) -> None:
        wanted, shown = set(posted.getlist("wanted")), set(posted.getlist("was"))
        words = set(posted.getlist("words"))
        self.ending = [row for row in rows if row.key in shown - wanted and row.given]
        asked = [row for row in rows if row.key in wanted - shown and row.composed and not row.given]
        self.giving: list[Any] = [row.composed for row in asked if row.composed and row.composed.sha256 in words]
        self.outdated = len(asked) > len(self.giving)

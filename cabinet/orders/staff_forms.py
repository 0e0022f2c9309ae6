"""What staff type: why they look, and whom an order goes to."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cabinet.customers.models import User
from cabinet.customers.plain_text import PlainTextField
from cabinet.orders.seeing_hands import colleagues


class ReasonForm(forms.Form):
    """Why somebody must see a person's data; the person reads it."""

    reason = PlainTextField(
        label=_("Reason"),
        min_length=5,
        max_length=300,
        help_text=_("The customer reads it, such as “calling about the time of delivery”."),
    )


class ColleagueChoice(forms.ModelChoiceField):
    """Colleagues by the names they bear among colleagues."""

    def label_from_instance(self, user: Any) -> str:
        """Return the name."""
        return user.get_full_name()  # type: ignore[no-any-return]


class AssignForm(forms.Form):
    """Whose order it is to be."""

    staff = ColleagueChoice(
        label=_("In the hands of"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("nobody: back to the queue"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["staff"].queryset = colleagues()  # type: ignore[attr-defined]

"""The form by which somebody says that an order placed without an account is theirs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cabinet.customers.plain_text import PlainTextField

WRONG_TOTAL = _("Type the sum as on the receipt, for example 12500 or 12500,50.")


class ClaimForm(forms.Form):
    """What stands on the receipt of an order."""

    number = PlainTextField(label=_("Number of the order"), max_length=40)
    total = PlainTextField(
        label=_("Total of the order, in tenge"), max_length=20, widget=forms.TextInput(attrs={"inputmode": "decimal"})
    )

    def clean_total(self) -> Any:
        """Return the sum, typed with spaces, comma or sign as people do."""
        typed = self.cleaned_data["total"].replace("₸", "").replace(" ", "").replace("\N{NO-BREAK SPACE}", "")
        try:
            return forms.DecimalField(max_digits=14, decimal_places=2, min_value=0).clean(typed.replace(",", "."))
        except ValidationError:
            raise ValidationError(WRONG_TOTAL) from None

    def clean_number(self) -> str:
        """Return the number without the sign that receipts put before it."""
        return str(self.cleaned_data["number"]).lstrip("№# ")[:40]

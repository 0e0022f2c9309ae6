"""Where a refund goes to, as the customer types it, or somebody for them on the phone."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cabinet.customers.plain_text import PlainTextField
from cabinet.orders.models import Order
from cabinet.orders.phone_forms import NumberField
from cabinet.orders.staff_steps import OWN
from cabinet.orders.vault import BankDetails
from cabinet.orders.vault_numbers import is_iban, is_tax_number

SECRET = {"autocomplete": "off", "spellcheck": "false"}
WRONG_IBAN = _(
    "This is no account number. In Kazakhstan it begins with KZ and has 20 letters and digits; please compare."
)
WRONG_TAX_NUMBER = _("An IIN or BIN has 12 digits, and these do not fit together. Please compare.")


class DetailsForm(forms.Form):
    """Account, its holder, and the holder's number."""

    holder = PlainTextField(label=_("Holder of the account"), max_length=300, widget=forms.TextInput(SECRET))
    tax_number = PlainTextField(
        label=_("IIN or BIN of the holder"), max_length=20, widget=forms.TextInput({**SECRET, "inputmode": "numeric"})
    )
    iban = PlainTextField(
        label=_("Account number (IBAN)"),
        max_length=60,
        widget=forms.TextInput(SECRET),
        help_text=_("From the bank’s app or a statement; not the number of a card."),
    )

    def clean_tax_number(self) -> str:
        """Return the digits; refuse what cannot be such a number."""
        number = "".join(self.cleaned_data["tax_number"].split())
        if not is_tax_number(number):
            raise ValidationError(WRONG_TAX_NUMBER)
        return number

    def clean_iban(self) -> str:
        """Return the number as banks keep it; refuse what cannot be one."""
        iban = "".join(self.cleaned_data["iban"].split()).upper()
        if not is_iban(iban):
            raise ValidationError(WRONG_IBAN)
        return iban

    @property
    def details(self) -> BankDetails:
        """Return what was typed."""
        return BankDetails(**self.cleaned_data)


class RefundForm(forms.Form):
    """A refund for an order of our own series; those of the shop engine come by its events."""

    order: Any = None  # found by its number
    number = PlainTextField(label=_("Number of the order"), max_length=40)
    amount = NumberField(label=_("Amount, ₸"), max_digits=14, decimal_places=2, min_value=1)
    reason = PlainTextField(label=_("Reason"), max_length=300)

    def clean_number(self) -> str:
        """Find the order."""
        self.order = Order.objects.filter(source=OWN, number=self.cleaned_data["number"]).first()
        if self.order is None:
            raise ValidationError(_("No order of our own series has this number."))
        return str(self.order.number)

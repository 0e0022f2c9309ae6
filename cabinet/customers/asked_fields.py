"""What a customer may be asked for, why, and with which field (policy 2.1: only what the sale needs)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cabinet.customers.birth_date import BirthDateField
from cabinet.customers.phones import PhoneField
from cabinet.customers.plain_text import PlainTextField

LABELS = {
    "first_name": _("First name"),
    "last_name": _("Last name"),
    "birth_date": _("Birth date"),
    "phone": _("Phone"),
    "postal_address": _("Postal address"),
}
REASONS = {
    "first_name": _("So that we know how to address you."),
    "last_name": _("So that the courier hands the order to you and nobody else."),
    "birth_date": _("For the bonus on your birthday, and to know that you are old enough for an account."),
    "phone": _("So that the courier can call you. Type it as you are used to."),
    "postal_address": _(
        "For letters on paper, such as an answer to a written request. Orders go to delivery addresses."
    ),
}
AUTOCOMPLETE = {"first_name": "given-name", "last_name": "family-name", "postal_address": "street-address"}
LENGTHS = {"first_name": 150, "last_name": 150, "postal_address": 500}  # as in Customer


def asked_field(name: str, *, required: bool) -> forms.Field:
    """Return the form field for one of Customer's, with the sentence that says why it is asked."""
    words: dict[str, Any] = {"label": LABELS[name], "help_text": REASONS[name], "required": required}
    if name == "phone":
        return PhoneField(**words)
    if name == "birth_date":
        return BirthDateField(**words)
    widget = forms.TextInput({"autocomplete": AUTOCOMPLETE[name]})
    return PlainTextField(max_length=LENGTHS[name], widget=widget, **words)

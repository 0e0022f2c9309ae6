"""Telephone numbers as people type them, kept as the whole world dials them (E.164)."""

from __future__ import annotations

import unicodedata
from typing import Any

from django.forms import TextInput
from django.utils.translation import gettext_lazy as _
from phonenumber_field.formfields import PhoneNumberField
from phonenumber_field.phonenumber import PhoneNumber

UNREADABLE = _("We cannot read this number. Type it with its code, for example 8 701 123 45 67 or +7 701 123 45 67.")


class PhoneInput(TextInput):
    """Shows a kept number with its country, a mistyped one as it was typed."""

    input_type = "tel"

    def format_value(self, value: Any) -> str | None:
        """Return the number in groups: “+7 701 123 45 67”."""
        if isinstance(value, PhoneNumber):
            return value.as_international if value.is_valid() else str(value)
        return super().format_value(value)


class PhoneField(PhoneNumberField):  # type: ignore[misc]
    """A number in any spelling; without a country it is one of Kazakhstan's, or of Russia's by its code."""

    widget = PhoneInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(error_messages={"invalid": UNREADABLE, **kwargs.pop("error_messages", {})}, **kwargs)
        self.widget.attrs.update({"autocomplete": "tel"})

    def to_python(self, value: Any) -> Any:
        """Return the number; address books hide marks of direction in what is copied from them."""
        return super().to_python("".join(sign for sign in str(value or "") if unicodedata.category(sign) != "Cf"))

"""What order staff write down while somebody orders by phone."""

from __future__ import annotations

import secrets
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cabinet.consents.composing import Composed
from cabinet.customers.email_field import EmailField
from cabinet.customers.models import Customer
from cabinet.customers.phones import PhoneField
from cabinet.customers.plain_text import PlainTextField
from cabinet.orders.money import tenge
from cabinet.orders.phone_orders import cost_of

ROWS, MORE_ROWS, MOST_ROWS = 3, 3, 60
PERSON = ("name", "phone", "email", "city", "street", "apartment", "postcode", "note")
OTHER_WORDS = _("The words have changed since you opened the form. Read out the new ones and tick again.")
DEAREST, MOST = Decimal(10**9), Decimal(10**6)


class NumberField(forms.DecimalField):
    """A number as people write it: “1 500,25” and “1500.25” are the same."""

    widget = forms.TextInput({"inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value: Any) -> Any:
        """Return the number."""
        return super().to_python("".join(str(value or "").split()).replace(",", "."))


class FindForm(forms.Form):
    """A telephone number, whole: a part of one finds nobody."""

    phone = PhoneField(label=_("Phone of the caller"))


class PhoneOrderForm(forms.Form):
    """Who orders, where it goes, and that they agreed."""

    form_key = forms.SlugField(max_length=40, min_length=16, widget=forms.HiddenInput)
    customer = forms.SlugField(max_length=16, required=False, widget=forms.HiddenInput)
    language = forms.CharField(max_length=10, widget=forms.HiddenInput)
    words = forms.CharField(max_length=64, widget=forms.HiddenInput)  # SHA-256 of what was read out
    agreed = forms.BooleanField(
        label=_("I have read this out, and the person agreed to it"),
        error_messages={"required": _("Without the person’s consent the order cannot be saved.")},
    )
    call_reference = PlainTextField(
        label=_("Reference of the call"),
        max_length=60,
        help_text=_("By which the recording or the note of the call is found."),
    )
    name = PlainTextField(
        label=_("Full name"), max_length=301, help_text=_("As the person says it: it is part of the consent.")
    )
    phone = PhoneField(label=_("Phone"))
    email = EmailField(
        label=_("E-mail"),
        required=False,
        help_text=_("To this address go the words agreed to. Without it you read out an address at the end."),
    )
    city = PlainTextField(label=_("City"), max_length=100)
    street = PlainTextField(label=_("Street and house"), max_length=200)
    apartment = PlainTextField(label=_("Apartment or office"), max_length=60, required=False)
    postcode = PlainTextField(label=_("Postcode"), max_length=10, required=False)
    note = PlainTextField(
        label=_("Note to the order"), max_length=1000, required=False, note=True, widget=forms.Textarea({"rows": 3})
    )
    total = NumberField(label=_("Total as told to the person, ₸"), max_digits=14, decimal_places=2, min_value=0)

    def __init__(self, *args: Any, composed: Composed, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.composed = composed
        for name in PERSON:  # what a browser has learnt of one caller is no business of the next
            self.fields[name].widget.attrs["autocomplete"] = "off"

    def clean_words(self) -> str:
        """Refuse a tick under words that are no longer these."""
        if self.cleaned_data["words"] != self.composed.sha256:
            raise ValidationError(OTHER_WORDS)
        return self.composed.sha256


class LineForm(forms.Form):
    """One thing that is ordered."""

    name = PlainTextField(label=_("Item"), max_length=300)
    sku = PlainTextField(label=_("Article"), max_length=60, required=False)
    quantity = NumberField(
        label=_("Quantity"), max_digits=12, decimal_places=3, min_value=Decimal("0.001"), max_value=MOST
    )
    price = NumberField(label=_("Price of one, ₸"), max_digits=14, decimal_places=2, min_value=0, max_value=DEAREST)


class LinesFormSet(forms.BaseFormSet):  # type: ignore[type-arg]
    """All things that are ordered; empty rows do not count."""

    def clean(self) -> None:
        """Demand one thing at least."""
        if not any(self.errors) and not self.given:
            raise ValidationError(gettext("Write down what is ordered: one item at least."))

    @property
    def given(self) -> list[dict[str, Any]]:
        """Return the rows that were filled."""
        return [dict(form.cleaned_data) for form in self.forms if form.has_changed() and form.is_valid()]


Lines = forms.formset_factory(
    LineForm, formset=LinesFormSet, extra=ROWS, max_num=MOST_ROWS, absolute_max=MOST_ROWS, validate_max=True
)


class Sheet:
    """The whole form: the person, the lines, and the sum that both must agree on."""

    def __init__(self, composed: Composed, customer: Customer | None, data: Any = None) -> None:
        self.composed, self.customer = composed, customer
        fresh = {
            "form_key": secrets.token_urlsafe(16),
            "customer": customer.public_id if customer else "",
            "language": composed.language,
            "words": composed.sha256,
        }
        self.form = PhoneOrderForm(data, initial=fresh, composed=composed)
        self.lines: Any = Lines(data, prefix="lines")

    @cached_property
    def is_valid(self) -> bool:
        """Say whether all of it can be kept."""
        fine = [self.form.is_valid(), self.lines.is_valid()]
        return all(fine) and self._sums_agree()

    def _sums_agree(self) -> bool:
        reckoned = sum((cost_of(line) for line in self.lines.given), Decimal())
        if self.form.cleaned_data["total"] == reckoned:
            return True
        words = gettext("The items come to %(total)s. Tell the person this sum, or mend the rows.")
        self.form.add_error("total", words % {"total": tenge(reckoned)})
        return False

    @property
    def person(self) -> dict[str, Any]:
        """Return who orders and where it goes."""
        return {name: self.form.cleaned_data[name] for name in PERSON}

"""Forms in which customers keep their own data right: the profile, and where to deliver."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from cabinet.audit.recording import record
from cabinet.customers.asked_fields import LABELS, asked_field
from cabinet.customers.models import Address, Customer
from cabinet.customers.plain_text import PlainTextField
from cabinet.customers.told_shop import tell_of_change
from cabinet.customers.two_tabs import VersionedForm


def own_names_of_languages() -> list[tuple[str, str]]:
    """Return the languages as their speakers call them."""
    return [(code, settings.LANGUAGE_NAMES[code]) for code, _name in settings.LANGUAGES]


class ProfileForm(VersionedForm):
    """Who the customer is. What the shop demands at sign-up cannot be emptied here."""

    language = forms.ChoiceField(
        label=_("Language of letters"), choices=own_names_of_languages, help_text=_("In this language we write to you.")
    )

    class Meta:
        model = Customer
        fields = ("first_name", "last_name", "birth_date", "phone", "postal_address", "language")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in LABELS:
            self.fields[name] = asked_field(name, required=settings.ASKED_FIELDS.get(name, False))
        self.order_fields(self._meta.fields)

    def customer_pk(self) -> int:
        """Return the customer this is."""
        return self.instance.pk

    def after_change(self, fields: list[str]) -> None:
        """Record which fields were changed, never what stood in them."""
        tell_of_change(self.instance, fields)
        record(
            "customers.profile.changed",
            subject=self.instance.subject,
            actor=self.instance.user.public_id,
            fields=fields,
        )


class AddressForm(VersionedForm):
    """Where to deliver. A new one comes with `instance=Address(customer=customer)`."""

    label = PlainTextField(
        label=_("Name of the address"), max_length=60, required=False, help_text=_("For yourself: “home”, “office”.")
    )
    city = PlainTextField(label=_("City"), max_length=100, widget=forms.TextInput({"autocomplete": "address-level2"}))
    street = PlainTextField(
        label=_("Street and house"), max_length=200, widget=forms.TextInput({"autocomplete": "address-line1"})
    )
    apartment = PlainTextField(
        label=_("Apartment or office"),
        max_length=60,
        required=False,
        widget=forms.TextInput({"autocomplete": "address-line2"}),
    )
    postcode = PlainTextField(
        label=_("Postcode"), max_length=10, required=False, widget=forms.TextInput({"autocomplete": "postal-code"})
    )
    note = PlainTextField(
        label=_("For the courier"),
        max_length=300,
        required=False,
        note=True,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("How to find the door, whom to call."),
    )

    class Meta:
        model = Address
        fields = ("label", "city", "street", "apartment", "postcode", "note")

    def customer_pk(self) -> int:
        """Return whose address this is."""
        return self.instance.customer_id

    def given(self) -> dict[str, str]:
        """Return what was typed, field by field."""
        return {name: self.cleaned_data[name] for name in AddressForm.Meta.fields}

    def _kept(self) -> Any:
        return Address.objects.present().filter(pk=self.instance.pk, customer=self.instance.customer_id).first()

    def after_change(self, fields: list[str]) -> None:
        """Record which fields were changed, never what stood in them."""
        customer = self.instance.customer
        tell_of_change(customer, ["addresses"])
        record("customers.address.changed", subject=customer.subject, actor=customer.user.public_id, fields=fields)

"""Sign-up of customers: an account, and the person behind it, in one transaction."""

from __future__ import annotations

from typing import Any

from allauth.account import forms
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cabinet.audit.recording import record
from cabinet.customers.asked_fields import asked_field
from cabinet.customers.email_changes import is_taken
from cabinet.customers.email_field import EmailField
from cabinet.customers.models import Customer, User

EMAIL_REASON = _("You sign in with it, and we write to it about your orders.")
PASSPHRASE = _(
    "At least 12 characters. Several words in a row are easy to remember and hard to guess; spaces are welcome."
)


class SignUpForm(forms.SignupForm):  # type: ignore[misc]
    """E-mail, password, and what the shop asks for (ASKED_FIELDS), each with its reason."""

    email = EmailField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].help_text = EMAIL_REASON
        self.fields["password1"].help_text = PASSPHRASE
        for name, required in settings.ASKED_FIELDS.items():
            self.fields[name] = asked_field(name, required=required)
        self.order_fields(["email", "password1", *settings.ASKED_FIELDS])

    def validate_unique_email(self, value: str) -> str:
        """Return the address, and remember whether it has an account; whoever asks is not told."""
        self.account_already_exists = is_taken(value)
        return value

    def try_save(self, request: HttpRequest) -> Any:
        """Open the account, or write to its owner where there is one; the answer and its time are the same."""
        if not self.account_already_exists:
            try:
                return super().try_save(request)
            except IntegrityError:
                # Somebody signed up with this address between our look and our write.
                if not User.objects.filter(email=self.cleaned_data["email"]).exists():
                    raise
                self.account_already_exists = True
        make_password(self.cleaned_data["password1"])  # as long as keeping one would take
        return super().try_save(request)

    def save(self, request: HttpRequest) -> User:
        """Make the account and its customer, or neither."""
        with transaction.atomic():
            user: User = super().save(request)
            self.save_customer(request, user)
        return user

    def save_customer(self, request: HttpRequest, user: User) -> Customer:
        """Make the person behind the account; called inside the transaction that makes the account."""
        told = {name: self.cleaned_data[name] for name in settings.ASKED_FIELDS if self.cleaned_data.get(name)}
        language = get_language() or settings.LANGUAGE_CODE
        customer = Customer.objects.create(user=user, language=language, **told)
        record("customers.account.opened", subject=customer.subject, actor=user.public_id)
        return customer

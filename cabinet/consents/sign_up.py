"""Consents at sign-up: boxes of their own, none ticked beforehand, each its own receipt."""

from __future__ import annotations

import logging
import secrets
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cabinet.consents.composing import Composed, Composer, NotReady
from cabinet.consents.consenting import give
from cabinet.customers.models import Customer, User
from cabinet.customers.sign_up import SignUpForm as AccountForm

log = logging.getLogger("kelisim.consents")

NEEDED = _(
    "Without this consent we may not keep an account for you. Tick the box, or close this page: nothing is kept."
)
CHANGED = _("The words of this consent changed while the page was open. Read them once more, then tick the box.")
NOT_READY = _("The shop cannot open accounts yet: it has still to say who answers for your data. Nothing was kept.")


class ConsentBoxes(forms.Form):
    """Adds a box for each consent that the shop asks for, and remembers with which words each was shown."""

    consent_words = forms.CharField(widget=forms.HiddenInput, required=False, max_length=2000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = _offered()
        for name, composed in self.offered.items():
            self.fields[name] = _box(composed)
        self.shown_words = " ".join(composed.sha256 for composed in self.offered.values())
        self.fields["consent_words"].initial = self.shown_words

    @property
    def own_fields(self) -> list[Any]:
        """Return the fields that are no consents."""
        return [field for field in self.visible_fields() if field.name not in self.offered]

    @property
    def boxes(self) -> list[tuple[Any, Composed]]:
        """Return each box with the consent it stands for."""
        return [(self[name], composed) for name, composed in self.offered.items()]

    def clean(self) -> Any:
        """Refuse boxes ticked beside other words than today's, and a shop that cannot take a consent yet."""
        said = super().clean()
        if not self.offered:
            raise ValidationError(NOT_READY)
        shown = self.cleaned_data.get("consent_words", "").split()
        for name, composed in self.offered.items():
            if self.cleaned_data.get(name) and composed.sha256 not in shown:
                self.add_error(name, CHANGED)
                self._show_anew(name)
        return said

    def _show_anew(self, name: str) -> None:
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        data.pop(name, None)
        data["consent_words"] = self.shown_words
        self.data = data

    def record_given(self, request: HttpRequest, customer: Customer) -> None:
        """Give a receipt for each box that was ticked; what was left empty is no answer and leaves none."""
        for name, composed in self.offered.items():
            if self.cleaned_data.get(name):
                give(customer=customer, composed=composed)


class SignUpForm(ConsentBoxes, AccountForm):
    """The account, the person behind it and what they agree to, in one transaction."""

    def try_save(self, request: HttpRequest) -> Any:
        """Open the account, or write to its owner; the time is the same, because the same is done (trust.md, s08)."""
        if self.account_already_exists:
            self._do_for_nobody(request)
        return super().try_save(request)

    @transaction.atomic
    def _do_for_nobody(self, request: HttpRequest) -> None:
        """Make an account with its receipts and take all of it back."""
        user = User.objects.create(email=f"{secrets.token_hex(16)}@nobody.invalid")
        self.save_customer(request, user)
        transaction.set_rollback(True)

    def save_customer(self, request: HttpRequest, user: User) -> Customer:
        """Make the customer, and receipts of what was agreed to."""
        customer = super().save_customer(request, user)
        self.record_given(request, customer)
        return customer


def _offered() -> dict[str, Composed]:
    try:
        offered = Composer(get_language() or "").at_sign_up()
    except NotReady as error:
        log.error("consents.not_ready", extra={"data": {"missing": error.missing}})
        return {}
    return {f"consent_{composed.key.strip(':').replace(':', '_').replace('.', '_')}": composed for composed in offered}


def _box(composed: Composed) -> forms.BooleanField:
    needed = composed.asked.is_of_account
    words: dict[str, Any] = {"label": composed.sentence, "error_messages": {"required": NEEDED}}
    return forms.BooleanField(required=needed, **words)

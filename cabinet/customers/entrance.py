"""Forms at the entrance: sign-in, its letters, another address. All take an e-mail in any spelling."""

from __future__ import annotations

from typing import Any

from allauth.account import forms

from cabinet.customers.email_field import EmailField, owner_of
from cabinet.customers.models import User


class LoginForm(forms.LoginForm):  # type: ignore[misc]
    """E-mail and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = EmailField()


class ResetPasswordForm(forms.ResetPasswordForm):  # type: ignore[misc]
    """Asks for the letter with the link to a new password; only the confirmed owner of the address gets it."""

    email = EmailField()
    users: list[User]

    def clean_email(self) -> str:
        """Return the address, and remember whose it is."""
        email: str = super().clean_email()
        self.users = owner_of(email, self.users)
        return email


class RequestLoginCodeForm(forms.RequestLoginCodeForm):  # type: ignore[misc]
    """Asks for a code by letter; only the confirmed owner of the address gets one."""

    email = EmailField()
    _user: User | None

    def clean_email(self) -> str:
        """Return the address, and remember whose it is."""
        email: str = super().clean_email()
        self._user = next(iter(owner_of(email, [self._user] if self._user else [])), None)
        return email


class AddEmailForm(forms.AddEmailForm):  # type: ignore[misc]
    """The address to change to. That somebody else has it is told to its owner, by letter, and to nobody else."""

    email = EmailField()

"""Forms of the sign-in."""

from __future__ import annotations

import logging
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms as webauthn
from cryptography.fernet import InvalidToken
from django.utils.translation import gettext_lazy as _

from cabinet.customers.totp import spend

log = logging.getLogger("kelisim.customers")


class CodeOnce:
    """Takes a code from an authenticator app a single time; recovery codes are struck off by allauth."""

    authenticator: Authenticator

    def clean_code(self) -> str:
        """Return the code; refuse one that was used before as if it were wrong."""
        try:
            code: str = super().clean_code()  # type: ignore[misc]
        except InvalidToken as error:
            log.error("factors.secret_unreadable")  # another SECRET_KEY, and the old one not among the fallbacks
            raise get_adapter().validation_error("incorrect_code") from error
        if self.authenticator.type == Authenticator.Type.TOTP and not spend(self.authenticator, code):
            raise get_adapter().validation_error("incorrect_code")
        return code


class AuthenticateForm(CodeOnce, forms.AuthenticateForm):
    """The code asked at sign-in."""


class ReauthenticateForm(CodeOnce, forms.ReauthenticateForm):
    """The code asked again before what matters."""


class AddKeyForm(webauthn.AddWebAuthnForm):
    """A new passkey or security key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the key")


class RenameKeyForm(webauthn.EditWebAuthnForm):
    """Another name for a key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the key")

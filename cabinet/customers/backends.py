"""Who may be signed in at all."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings


class AccountBackend(AuthenticationBackend):
    """allauth's, but a demo account is nobody outside a demo, not even in a session that was open before."""

    def user_can_authenticate(self, user: Any) -> bool:
        """Return no for demo accounts while DEBUG is off (trust.md, s25)."""
        return super().user_can_authenticate(user) and (settings.DEBUG or not user.is_demo)

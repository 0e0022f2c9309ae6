"""Who may be signed in at all."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings

from cabinet.customers.models import User

read_along: dict[str, Any] = {}  # what rooms above have read with the account, in the same query: {"name": expression}


class AccountBackend(AuthenticationBackend):
    """allauth's, but a demo account is nobody outside a demo, not even in a session that was open before."""

    def user_can_authenticate(self, user: Any) -> bool:
        """Return no for demo accounts while DEBUG is off (trust.md, s25)."""
        return super().user_can_authenticate(user) and (settings.DEBUG or not user.is_demo)

    def get_user(self, user_id: Any) -> User | None:
        """Return who is signed in, with the customer behind the account: every page of the cabinet asks for both."""
        user = User.objects.select_related("customer").annotate(**read_along).filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None

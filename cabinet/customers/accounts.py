"""What Kelisim asks of django-allauth."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up stays closed until customers have their cabinet; staff are invited."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return no."""
        return False

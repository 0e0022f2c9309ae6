"""manage.py reset_second_factor: for a colleague who lost the telephone and the recovery codes."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cabinet.customers.models import User


class Command(BaseCommand):
    """Takes the second factor away and tells the person; the next sign-in asks to set one up again."""

    help = "Remove a person's authenticator app, keys and recovery codes, end the sessions, and tell them by letter."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the e-mail of the account."""
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        """Remove, end, tell; twice does no harm."""
        try:
            user = User.objects.get_by_natural_key(options["email"])
        except User.DoesNotExist as error:
            raise CommandError(f"There is no account with the e-mail {options['email']}.") from error
        removed, _each = Authenticator.objects.filter(user=user).delete()
        sessions = list(UserSession.objects.filter(user=user))
        for session in sessions:
            session.end()
        if removed:
            get_adapter().send_mail("account/email/second_factor_reset", user.email, {"timestamp": timezone.now()})
        self.stdout.write(self.style.SUCCESS(f"Removed: {removed}, sessions ended: {len(sessions)}"))

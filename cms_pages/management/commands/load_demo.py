"""manage.py load_demo: the starter site with people to sign in as."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cabinet.customers.demo import load_people
from cabinet.customers.models import User
from cms_pages.starter.load import load_starter


class Command(BaseCommand):
    """Loads the demo; its passwords are known to everybody, so it refuses where DEBUG is off."""

    help = "Load the starter site and demo people. Only with DEBUG on: their passwords are public."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load people, then the documents they wrote and released."""
        if not settings.DEBUG:
            raise CommandError("The demo's passwords are public, so it loads only with DEBUG=1. Use load_starter.")
        load_people()
        dana, saule = (User.objects.get(email=f"{name}@kelisim.example") for name in ("dana", "saule"))
        sealed = load_starter(history=True, author=dana, approver=saule, say=self.stdout.write)
        self.stdout.write(self.style.SUCCESS(f"Editions sealed: {sealed}"))

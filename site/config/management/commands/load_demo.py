"""manage.py load_demo: the starter site with people to sign in as."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from cabinet.bonuses.demo import load_bonuses
from cabinet.consents.demo import load_consents
from cabinet.customers.demo import load_people
from cabinet.customers.demo_customers import load_crowd
from cabinet.customers.models import User
from cabinet.desk.demo import load_requests
from cabinet.orders.demo import load_orders
from cms_pages.starter.load import load_starter


class Command(BaseCommand):
    """Loads the demo; its passwords are known to everybody, so it refuses where DEBUG is off."""

    help = "Load the starter site and demo people. Only with DEBUG on: their passwords are public."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load people, the documents they wrote and released, and what customers agreed to under these."""
        if not settings.DEBUG:
            raise CommandError("The demo's passwords are public, so it loads only with DEBUG=1. Use load_starter.")
        load_people()
        load_crowd()
        dana, saule = (User.objects.get(email=f"{name}@kelisim.example") for name in ("dana", "saule"))
        sealed = load_starter(history=True, author=dana, approver=saule, say=self.stdout.write)
        if settings.TOMBSTONES.exists():  # of a demo before this one, whose people nobody here is
            call_command("reapply_erasures", stdout=self.stdout)
        consents, orders, bonuses, requests = load_consents(), load_orders(), load_bonuses(), load_requests()
        told = f"Editions sealed: {sealed}, consents given: {consents}, orders: {orders}, bonuses: {bonuses}"
        self.stdout.write(self.style.SUCCESS(f"{told}, requests: {requests}"))

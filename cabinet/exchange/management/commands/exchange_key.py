"""manage.py exchange_key: makes, rotates, lists and revokes the keys by which shop engines sign."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from cabinet.exchange import keys
from cabinet.exchange.models import Key


class Command(BaseCommand):
    """The secret is said once, on standard output and nowhere else."""

    help = "Make, rotate, list or revoke the keys by which shop engines sign their events."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the deed and what it needs."""
        deeds = parser.add_subparsers(dest="deed", required=True)
        create = deeds.add_parser("create", help="make a key and say its secret")
        create.add_argument("source", help="name of the shop engine, such as shop or woocommerce")
        create.add_argument("scopes", nargs="+", help="events it may send: order.placed, order.* or *")
        rotate = deeds.add_parser("rotate", help="make a new secret; the old one goes on for a while")
        rotate.add_argument("number", type=int, help="of the key, as list shows it")
        rotate.add_argument("--hours", type=float, default=24, help="in which both secrets sign (24)")
        deeds.add_parser("list", help="show all keys, never their secrets")
        revoke = deeds.add_parser("revoke", help="end a key now")
        revoke.add_argument("number", type=int, help="of the key, as list shows it")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what was asked; a wrong name or scope is said in words."""
        try:
            getattr(self, options["deed"])(**options)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error

    def create(self, *, source: str, scopes: list[str], **_options: Any) -> None:
        """Make a key and say its secret."""
        self.say(*keys.make(source, scopes))

    def rotate(self, *, number: int, hours: float, **_options: Any) -> None:
        """Make a new secret beside the old one."""
        self.say(*keys.rotate(one(number), timedelta(hours=hours)))
        self.stdout.write(f"Key {number} signs for {hours:g} hours more.")

    def list(self, **_options: Any) -> None:
        """Show all keys."""
        for key in Key.objects.all():
            end = f"until {key.not_after:%Y-%m-%d %H:%M} UTC" if key.not_after else "without end"
            used = f"{key.last_used_at:%Y-%m-%d %H}h" if key.last_used_at else "never"
            state = "live" if key.is_live else "ended"
            self.stdout.write(f"{key.pk}  {key.source}  {' '.join(key.scopes)}  {state}, {end}, last used: {used}")

    def revoke(self, *, number: int, **_options: Any) -> None:
        """End a key."""
        keys.revoke(one(number))
        self.stdout.write(self.style.SUCCESS(f"Key {number} signs nothing any more."))

    def say(self, key: Key, secret: str) -> None:
        """Say a new secret, which is shown nowhere again."""
        self.stdout.write(self.style.SUCCESS(f"Key {key.pk} of {key.source} for {' '.join(key.scopes)}:"))
        self.stdout.write(secret)


def one(number: int) -> Key:
    """Return the key with this number; raise CommandError."""
    key = Key.objects.filter(pk=number).first()
    if key is None:
        raise CommandError(f"There is no key {number}; exchange_key list shows all.")
    return key

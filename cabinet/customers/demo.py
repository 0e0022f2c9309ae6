"""The people of the demo: who they are, how they sign in, and that they can do so nowhere else (trust.md, s25)."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa import app_settings as mfa_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

from cabinet.customers.demo_customers import load_own
from cabinet.customers.models import User
from cabinet.customers.totp import step_now, unspent_steps


@dataclass(frozen=True)
class DemoPerson:
    """Somebody to try Kelisim as; who has neither groups nor all rights is a customer.

    Groups are named; the starter gives them their permissions. Customers sign in without a second factor.
    """

    email: str
    first_name: str
    last_name: str
    password: str
    totp_secret: str = ""
    groups: tuple[str, ...] = ()
    is_superuser: bool = False

    @property
    def is_staff(self) -> bool:
        """Tell whether this is one of the shop's people."""
        return self.is_superuser or bool(self.groups)


# .example is reserved (RFC 2606), so no letter of a demo can reach anybody. Passwords are public on purpose.
PEOPLE = (
    DemoPerson(
        "dana@kelisim.example",
        "Dana",
        "Editor",
        "dana writes it down",
        "KELISIMDANA234567DANA234567DANAA",
        ("Editors",),
    ),
    DemoPerson(
        "lawyer@kelisim.example",
        "Demo",
        "Lawyer",
        "lawyer reads it twice",
        "KELISIMLAW2345672LAW2345672LAWYA",
        ("Lawyers",),
    ),
    DemoPerson(
        "saule@kelisim.example",
        "Saule",
        "Privacy officer",
        "saule keeps the word",
        "KELISIMSAULE23456SAULE23456SAULE",
        ("Privacy officers",),
    ),
    DemoPerson(
        "timur@kelisim.example",
        "Timur",
        "Order staff",
        "timur answers the phone",
        "KELISIMTIMUR23456TIMUR23456TIMUR",
        ("Order staff",),
    ),
    DemoPerson(
        "clerk@kelisim.example",
        "Demo",
        "Second clerk",
        "clerk packs the parcel",
        "KELISIMCLERK23456CLERK23456CLERK",
        ("Order staff",),
    ),
    DemoPerson(
        "accountant@kelisim.example",
        "Demo",
        "Accountant",
        "accountant pays it back",
        "KELISIMCOUNT23456COUNT23456COUNT",
        ("Accountants",),
    ),
    DemoPerson(
        "admin@kelisim.example",
        "Demo",
        "Administrator",
        "admin minds the house",
        "KELISIMADMIN23456ADMIN23456ADMIN",
        (),
        True,
    ),
    DemoPerson("aigerim@kelisim.example", "Айгерім", "Ахметова", "aigerim sees the sea"),
    DemoPerson("boris@kelisim.example", "Борис", "Орлов", "boris walks by the river"),
)


@transaction.atomic
def load_people() -> list[User]:
    """Make the demo people, or mend those that are there; raise ImproperlyConfigured where DEBUG is off."""
    if not settings.DEBUG:
        raise ImproperlyConfigured(
            "Demo people have passwords that everybody knows, so they are made only with DEBUG=1. "
            "On a real site, make an administrator with “manage.py createsuperuser”."
        )
    return [_load(person) for person in PEOPLE]


def _load(person: DemoPerson) -> User:
    user = User.objects.filter(email=person.email).first() or User(email=person.email)
    if person.is_staff:
        user.first_name, user.last_name = person.first_name, person.last_name
    user.is_staff = person.is_staff
    user.is_active = user.is_demo = True
    user.is_superuser = person.is_superuser
    if not user.password or not user.check_password(person.password):
        user.set_password(person.password)
    user.save()
    user.groups.add(*(Group.objects.get_or_create(name=name)[0] for name in person.groups))
    EmailAddress.objects.update_or_create(user=user, email=person.email, defaults={"verified": True, "primary": True})
    if not person.is_staff:
        load_own(user, person.first_name, person.last_name)
    elif not Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists():
        TOTP.activate(user, person.totp_secret)
    return user


def code_to_show(user: Any) -> str:
    """Return a code that a demo person can type at once, and nothing for anybody else or where DEBUG is off."""
    if not settings.DEBUG or not getattr(user, "is_demo", False):
        return ""
    authenticator = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    if authenticator is None:
        return ""
    # Not the oldest ones, which would end while somebody types; by chance, so that two windows seldom get the same.
    steps = [step for step in unspent_steps(authenticator) if step >= step_now() - mfa_settings.TOTP_TOLERANCE + 2]
    step = secrets.choice(steps) if steps else int(time.time()) // mfa_settings.TOTP_PERIOD
    return format_hotp_value(hotp_value(decrypt(authenticator.data["secret"]), step))

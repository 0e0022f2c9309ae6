"""Signing up as a customer does, for tests."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client

from cabinet.customers.models import Customer
from tests.conftest import PASSWORD
from tests.mailbox import mailbox

SIGN_UP, LOGIN, EMAIL = "/ru/accounts/signup/", "/ru/accounts/login/", "/ru/accounts/email/"
NEW = "aigerim@new.example"


def sign_up(client: Client | None = None, email: str = NEW, **fields: str) -> Any:
    """Send the sign-up form; the answer."""
    return (client or Client()).post(
        SIGN_UP, {"email": email, "password1": PASSWORD, "first_name": "Айгерім", **fields}
    )


def link_in(letter: Any) -> str:
    """Return the path of the first link in a letter that leads to a button."""
    return re.search(r"https?://[^/]+(/\S+/accounts/(?:confirm-email|email/undo|password/reset/key)/\S+)", letter.body)[
        1
    ]


def make_customer(user: Any, **fields: Any) -> Customer:
    """Make the person behind an account, with a confirmed address."""
    from allauth.account.models import EmailAddress

    EmailAddress.objects.get_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
    return Customer.objects.get_or_create(user=user, defaults={"first_name": "Айгерім", "language": "ru", **fields})[0]


def enter(email: str, password: str = PASSWORD, client: Client | None = None) -> Client:
    """Sign in by password through the page."""
    client = client or Client()
    client.last = client.post(LOGIN, {"login": email, "password": password})  # type: ignore[attr-defined]
    return client


def ask_to_change(client: Client, new: str) -> Any:
    """Confirm that it is you, and ask to change the address; the answer."""
    client.post("/ru/accounts/reauthenticate/", {"password": PASSWORD})
    return client.post(EMAIL, {"email": new, "action_add": ""})


def change_email(client: Client, new: str) -> str:
    """Change the address to the end; the path in the letter to the old one that takes it back."""
    ask_to_change(client, new)
    confirmation = next(letter for letter in reversed(mailbox()) if letter.to == [new])
    Client().post(link_in(confirmation))
    return link_in(mailbox()[-1])

"""Aigerim with everything that her account can hold, and Boris beside her."""

from __future__ import annotations

from datetime import date

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore

from cabinet.audit.recording import record
from cabinet.customers.account_letters import sample
from cabinet.customers.models import Customer, EmailChange
from cabinet.exchange.models import Endpoint
from cabinet.notices.posting import post


@pytest.fixture
def full_account(aigerim):
    """Aigerim's account with something in every category of the customers' room."""
    known = {"first_name": "Айгерім", "last_name": "Сатпаева", "phone": "+77011234567", "language": "kk"}
    known |= {"birth_date": date(1990, 3, 21), "postal_address": "Алматы, а/я 7"}
    customer = aigerim.customer
    Customer.objects.filter(pk=customer.pk).update(**known)
    customer.addresses.create(city="Алматы", street="Абай даңғылы, 10")
    customer.engine_links.create(source="shop", external_id="C-17")
    EmailAddress.objects.create(user=aigerim, email=aigerim.email, verified=True, primary=True)
    Authenticator.objects.create(user=aigerim, type=Authenticator.Type.TOTP, data={"secret": "TOTPSECRET"})
    EmailChange.objects.create(
        user=aigerim, old_email="old@customer.example", new_email=aigerim.email, token_sha256="f0"
    )
    open_session(aigerim)
    post("account/email/password_changed", to=aigerim.email, language="kk", context=sample(), account=aigerim)
    endpoint = Endpoint.objects.create(url="https://shop.example/hooks", types=["customer.updated"])
    endpoint.deliveries.create(type="customer.updated", subject=customer.subject, sealed="SEALEDSECRET")
    record("customers.profile.changed", subject=customer.subject, actor=aigerim.public_id, fields=["phone"])
    return aigerim


def open_session(user):
    """Let the account be signed in somewhere."""
    session = SessionStore()
    session["color"] = "SESSIONSECRET"
    session.save()
    UserSession.objects.create(user=user, session_key=session.session_key, ip="203.0.113.7", user_agent="Firefox")

"""An account whose e-mail nobody confirms goes by itself; its receipts stay and lead to nobody."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from cabinet.audit.models import Event, Payload
from cabinet.consents.consenting import give
from cabinet.consents.models import ConsentReceipt, SignedName
from cabinet.customers.models import Address, Customer, User
from cabinet.notices.models import Letter
from cabinet.privacy.retention import enforce_one

pytestmark = pytest.mark.usefixtures("shop_stands")

SIGN_UP, NEW = "/ru/accounts/signup/", "aigerim@new.example"


def later(**span):
    return time_machine.travel(timezone.now() + timedelta(**span), tick=True)


@pytest.fixture
def signed_up(shop):
    """An account that was opened by the form, and not confirmed."""
    client = Client()
    words = client.get(SIGN_UP).context["form"]["consent_words"].value()
    known = {"email": NEW, "password1": "a long walk by the sea", "first_name": "Айгерім", "consent_words": words}
    assert client.post(SIGN_UP, {**known, "consent_order": "on", "consent_bonuses": "on"}).status_code == 302
    return User.objects.get(email=NEW)


def test_after_its_days_it_goes_and_takes_what_leads_to_anybody(signed_up):
    subject = signed_up.customer.subject
    with later(days=14, minutes=1):
        assert enforce_one("customers.account") == 1
    assert not User.objects.filter(email=NEW).exists()
    assert not SignedName.objects.exists()
    assert not Letter.objects.filter(recipient=NEW).exists()
    assert not Payload.objects.exclude(event__name="customers.account.lapsed").filter(event__subject=subject).exists()
    assert ConsentReceipt.objects.of(subject).count() == 2
    assert Event.objects.order_by("-sequence").first().name == "customers.account.lapsed"
    call_command("verify_audit")


def test_before_its_days_it_stays(signed_up):
    with later(days=13):
        assert enforce_one("customers.account") == 0


def test_the_same_address_can_sign_up_again(signed_up, make_customer):
    before = signed_up.customer.subject
    with later(days=15):
        enforce_one("customers.account")
    assert make_customer(NEW, "Aigerim").customer.subject != before


def test_a_shop_may_keep_them(signed_up, settings):
    settings.UNCONFIRMED_DAYS = 0
    with later(days=1000):
        assert enforce_one("customers.account") == 0


def confirm(user, composed):
    EmailAddress.objects.filter(user=user).update(verified=True)


def sign_in(user, composed):
    User.objects.filter(pk=user.pk).update(last_login=timezone.now())


def agree_later(user, composed):
    with later(days=1):
        give(customer=user.customer, composed=composed("news.prices", "email"))


def agree_by_phone(user, composed):
    give(customer=user.customer, composed=composed("news.prices", "email"), channel="phone", recorded_by="abc")


def keep_an_address(user, composed):
    Address.objects.create(customer=user.customer, city="Almaty", street="Abay 1")


def become_staff(user, composed):
    User.objects.filter(pk=user.pk).update(is_staff=True)


@pytest.mark.parametrize("trace", [confirm, sign_in, agree_later, agree_by_phone, keep_an_address, become_staff])
def test_who_has_left_another_trace_stays(signed_up, composed, trace):
    trace(signed_up, composed)
    with later(days=15):
        assert enforce_one("customers.account") == 0
    assert Customer.objects.filter(user=signed_up).exists()

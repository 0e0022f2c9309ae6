"""Bank details of a refund: sealed, seen by who pays, for a reason, until it is paid; then deleted (R3)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from cryptography.fernet import InvalidToken
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from cabinet.audit.telling import reads_of
from cabinet.orders import vault
from cabinet.orders.models import Refund, RefundDetails
from cabinet.orders.vault_checks import vault_has_a_key
from cabinet.orders.vault_numbers import is_iban, is_tax_number
from cabinet.privacy.retention import enforce_one
from tests.conftest import PASSWORD

IBAN, IIN = "KZ86125KZT5004100100", "990101300033"
TYPED = {"holder": "Айгерім Ахметова", "tax_number": f"{IIN[:6]} {IIN[6:]}", "iban": "kz86 125K ZT50 0410 0100"}
REASON = {"reason": "paying the refund"}


@pytest.fixture
def refund(make_order, aigerim):
    order = make_order(customer=aigerim.customer, status="delivered", ended_at=timezone.now())
    return Refund.objects.create(order=order, amount=Decimal(5000))


@pytest.fixture
def own_page(refund, customer_client):
    """The customer's page, with a fresh confirmation."""
    customer_client.post("/ru/accounts/reauthenticate/", {"password": PASSWORD})
    return f"/ru/cabinet/orders/{refund.order.number}/refund/"


@pytest.fixture
def given(own_page, customer_client):
    assert customer_client.post(own_page, TYPED).status_code == 302


def everything_in_the_database():
    """Each row of each table as text."""
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')
            yield from (str(row) for row in cursor.fetchall())


@pytest.mark.parametrize(
    ("iban", "right"),
    [
        (IBAN, True),
        ("GB82WEST12345698765432", True),
        ("KZ86125KZT5004100101", False),
        ("KZ86125KZT500410010", False),
        ("KZ", False),
        ("4400430212345678", False),
        ("KZ86125KZT500410010Ж", False),
    ],
)
def test_an_account_number_is_checked_by_its_own_arithmetic(iban, right):
    assert is_iban(iban) is right


@pytest.mark.parametrize(
    ("number", "right"), [(IIN, True), ("990101300039", False), ("99010130003", False), ("٩٩٠١٠١٣٠٠٠٣٣", False)]
)
def test_an_iin_is_checked_by_its_last_digit(number, right):
    assert is_tax_number(number) is right


def test_the_customer_gives_the_details_and_never_sees_them_again(given, own_page, customer_client):
    page = customer_client.get(own_page)
    assert page.status_code == 200 and page.headers["Cache-Control"] == "private, no-store"
    assert IBAN not in page.text and "5004100100" not in page.text and IIN not in page.text


def test_the_details_stand_in_no_table_but_sealed(given, capfd):
    assert not [row for row in everything_in_the_database() if IBAN in row or IIN in row or "5004100100" in row]
    assert vault.BankDetails("Айгерім Ахметова", IIN, IBAN) == opened()
    told = capfd.readouterr()
    assert IBAN not in told.out + told.err


def opened():
    import json

    from django.conf import settings

    from cabinet.at_rest import unseal

    return vault.BankDetails(
        **json.loads(unseal(RefundDetails.objects.get().sealed, vault.PURPOSE, settings.REFUND_VAULT_KEYS))
    )


@pytest.mark.parametrize("wrong", [{"iban": "KZ86125KZT5004100101"}, {"tax_number": "1"}, {"holder": ""}])
def test_a_slip_is_told_and_nothing_is_kept(own_page, customer_client, wrong):
    assert customer_client.post(own_page, {**TYPED, **wrong}).status_code == 422
    assert RefundDetails.objects.count() == 0


def test_s12_a_fresh_confirmation_is_demanded_and_nothing_waits_in_the_session(refund, customer_client):
    answer = customer_client.post(f"/ru/cabinet/orders/{refund.order.number}/refund/", TYPED)
    assert answer.status_code == 302 and "/accounts/reauthenticate/" in answer.url
    assert RefundDetails.objects.count() == 0
    assert not [row for row in everything_in_the_database() if IBAN in row or "0410 0100" in row]
    assert TYPED["iban"] not in str(dict(customer_client.session))


def test_s02_boris_cannot_open_it(own_page, boris):
    from tests.conftest import signed_in

    assert signed_in(boris).get(own_page).status_code == 404


def test_without_an_open_refund_nothing_is_asked_or_kept(own_page, customer_client):
    Refund.objects.update(state="paid", settled_at=timezone.now())
    assert "tax_number" not in customer_client.get(own_page).text
    customer_client.post(own_page, TYPED)
    assert RefundDetails.objects.count() == 0


def test_without_a_key_nothing_is_kept(own_page, customer_client, settings):
    settings.REFUND_VAULT_KEYS = []
    customer_client.post(own_page, TYPED)
    assert RefundDetails.objects.count() == 0
    [warning] = vault_has_a_key(None)
    assert warning.id == "kelisim.orders.W001"


# Who pays -----------------------------------------------------------------------------------------------------------


def page_of(client, refund, deed="", data=None):
    url = f"/admin/refunds/{refund.public_id}/{deed}"
    return client.get(url) if data is None else client.post(url, data)


def test_s19_the_accountant_opens_the_vault_for_a_reason_and_the_customer_sees_it(given, refund, accountants, aigerim):
    assert IBAN not in page_of(accountants, refund).text
    assert page_of(accountants, refund, "reveal/", {"reason": ""}).status_code == 422
    shown = page_of(accountants, refund, "reveal/", REASON)
    assert IBAN in shown.text and IIN in shown.text
    [look] = reads_of(aigerim.customer.subject)
    assert look.reason == REASON["reason"] and refund.order.number in look.what
    assert IBAN not in page_of(accountants, refund).text + accountants.get("/admin/refunds/").text


def test_s23_without_the_log_the_vault_stays_shut(given, refund, accountants, failing_log):
    answer = page_of(accountants, refund, "reveal/", REASON)
    assert answer.status_code == 503 and IBAN not in answer.text


def test_s06_refunds_are_not_exported(given, accountants):
    answer = accountants.get("/admin/refunds/?export=csv")
    assert answer["Content-Type"].startswith("text/html") and IBAN not in answer.text


def test_what_is_told_on_the_phone_is_sealed_by_the_accountant(refund, accountants):
    assert page_of(accountants, refund, "details/", {**TYPED, "iban": "KZ1"}).status_code == 422
    page_of(accountants, refund, "details/", TYPED)
    assert opened().iban == IBAN


def test_paid_ends_it_and_the_details_go_by_themselves(given, refund, accountants, accountant, settings):
    page_of(accountants, refund, "paid/", {}), page_of(accountants, refund, "paid/", {})
    refund.refresh_from_db()
    assert (refund.state, refund.paid_by) == ("paid", accountant.public_id)
    assert IBAN not in page_of(accountants, refund, "reveal/", REASON).text
    assert enforce_one("orders.refunds") == 0
    with time_machine.travel(timezone.now() + settings.REFUND_DETAILS_LIFETIME + timedelta(minutes=1)):
        assert (enforce_one("orders.refunds"), enforce_one("orders.refunds")) == (1, 0)


def test_an_open_refund_keeps_its_details_however_long_it_takes(given, settings):
    with time_machine.travel(timezone.now() + 3 * settings.REFUND_DETAILS_LIFETIME):
        assert enforce_one("orders.refunds") == 0


def test_money_that_came_back_is_paid_again(given, refund, accountants):
    page_of(accountants, refund, "paid/", {}), page_of(accountants, refund, "came-back/", {})
    assert IBAN in page_of(accountants, refund, "reveal/", REASON).text


def test_a_refund_for_our_own_order_is_opened_by_the_accountant(refund, make_order, accountants):
    make_order("T-1", ended_at=timezone.now())
    wanted = {"number": "T-1", "amount": "5 000,00", "reason": "damaged"}
    assert accountants.post("/admin/refunds/new/", {**wanted, "amount": "5001"}).status_code == 422
    assert accountants.post("/admin/refunds/new/", wanted).status_code == 302
    assert accountants.post("/admin/refunds/new/", wanted).status_code == 422  # more than it cost
    assert Refund.objects.filter(order__number="T-1").count() == 1


# Keys ---------------------------------------------------------------------------------------------------------------


def test_keys_are_changed_without_losing_anything(given, settings, capsys):
    [old] = settings.REFUND_VAULT_KEYS
    settings.REFUND_VAULT_KEYS = ["a newer key", old]
    call_command("rotate_refund_vault"), call_command("rotate_refund_vault")
    assert capsys.readouterr().out.count("Sealed anew: 1") == 2
    settings.REFUND_VAULT_KEYS = ["a newer key"]
    assert opened().iban == IBAN
    settings.REFUND_VAULT_KEYS = [old]
    with pytest.raises(InvalidToken):
        opened()


def test_the_sites_own_key_does_not_open_the_vault(given):
    from cabinet.at_rest import unseal

    with pytest.raises(InvalidToken):
        unseal(RefundDetails.objects.get().sealed, vault.PURPOSE)

"""Whose a row is, asked without a join through the customers."""

from __future__ import annotations

import pytest
from django.db.models import Q

from cabinet.customers.models import Address
from cabinet.orders.models import Line, RefundDetails
from cabinet.register.owning import of_account, of_nobody


@pytest.mark.parametrize(
    ("model", "owner", "lookup"),
    [
        (Address, "customer__user", "customer"),
        (Line, "order__customer__user", "order__customer"),
        (RefundDetails, "refund__order__customer__user", "refund__order__customer"),
    ],
)
def test_p9_it_is_compared_with_the_customers_own_key(aigerim, model, owner, lookup):
    assert of_account(model, owner, aigerim) == Q(**{lookup: aigerim.customer.pk})
    assert of_nobody(model, owner) == Q(**{f"{lookup}__isnull": True})
    assert "customers_customer" not in str(model.objects.filter(of_account(model, owner, aigerim)).query)


def test_what_hangs_on_the_account_itself_is_compared_with_it(aigerim):
    from allauth.account.models import EmailAddress, EmailConfirmation

    assert of_account(EmailAddress, "user", aigerim) == Q(user=aigerim.pk)
    assert of_account(EmailConfirmation, "email_address__user", aigerim) == Q(email_address__user=aigerim.pk)


def test_nothing_is_of_who_is_no_customer(timur):
    assert not Address.objects.filter(of_account(Address, "customer__user", timur)).exists()

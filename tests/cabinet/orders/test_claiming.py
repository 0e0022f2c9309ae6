"""Orders placed without an account become a customer's: by a verified e-mail, or by what stands on the receipt."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress

from cabinet.consents.models import ConsentReceipt
from cabinet.customers.actions import AccountClosed
from cabinet.customers.linking import customer_of
from cabinet.customers.models import Customer, GuestMark, User
from cabinet.orders.claiming import claim_by_email, claim_by_phone
from cabinet.orders.models import Guest, Order
from tests.cabinet.consents.conftest import policy, shop  # noqa: F401 (fixtures)
from tests.cabinet.orders.conftest import hours, order
from tests.conftest import PASSWORD, signed_in

CLAIM, ONE, LIST = "/ru/cabinet/orders/~mine/", "/ru/cabinet/orders/~mine/one/", "/ru/cabinet/orders/"


def confirmed(user):
    """Sign in and show the password at once: a fresh confirmation."""
    client = signed_in(user)
    client.post("/ru/accounts/reauthenticate/", {"password": PASSWORD})
    return client


@pytest.fixture
def guests(tell):
    """An order that names Aigerim's e-mail, and nobody's account."""
    tell("order.placed")
    return Order.objects.get()


def test_only_that_there_is_something_is_told_before_the_claim(guests, verified):
    client = confirmed(verified)
    for address in (LIST, CLAIM):
        page = client.get(address)
        assert "1001" not in page.text and "Abai" not in page.text
    assert client.get(LIST).context["unclaimed"] == 1


def test_the_owner_of_the_email_takes_the_order_over(guests, verified):
    client = confirmed(verified)
    client.post(CLAIM)
    assert "1001" in client.get(LIST).text
    assert Order.objects.get().subject == verified.customer.subject


def test_s12_an_old_session_is_not_enough(guests, verified):
    answer = signed_in(verified).post(CLAIM)
    assert answer.status_code == 302 and "reauthenticate" in answer.url
    assert Order.objects.get().customer is None


def test_i3_a_closed_account_takes_nothing_over(guests, verified):
    User.objects.filter(pk=verified.pk).update(is_active=False)  # as an erasure does first, while a page is being made
    with pytest.raises(AccountClosed):
        claim_by_email(customer=verified.customer)
    with pytest.raises(AccountClosed):
        claim_by_phone(customer=verified.customer, number="1001", total=Order.objects.get().total)
    assert Order.objects.get().customer is None


def test_an_unverified_email_shows_and_takes_nothing(guests, aigerim):
    EmailAddress.objects.create(user=aigerim, email=aigerim.email, verified=False, primary=True)
    client = confirmed(aigerim)
    assert client.get(LIST).context["unclaimed"] == 0
    client.post(CLAIM)
    assert Order.objects.get().customer is None


def test_boris_takes_nothing_of_aigerims(guests, boris):
    EmailAddress.objects.create(user=boris, email=boris.email, verified=True, primary=True)
    confirmed(boris).post(CLAIM)
    assert Order.objects.get().customer is None


def test_the_number_of_the_engine_leads_to_her_from_then_on(tell, verified):
    tell("order.placed", order(customer={"id": "C-17"}, contact={"email": "gift@customer.example"}))
    tell("customer.linked", {"id": "C-17", "email": verified.email.upper()})
    confirmed(verified).post(CLAIM)
    assert customer_of("shop", "C-17") == verified.customer
    tell("order.placed", order(number="1002", customer={"id": "C-17"}), at=hours(3))
    assert Order.objects.of(verified.customer).count() == 2
    assert not Guest.objects.exists()


def test_what_was_agreed_to_as_a_guest_is_hers_too(tell, verified, shop):  # noqa: F811
    tell("order.placed", order(consent={"given": True}))
    receipt, mark = ConsentReceipt.objects.get(), Order.objects.get().subject
    client = confirmed(verified)
    client.post(CLAIM)
    assert GuestMark.objects.get().subject == mark == receipt.subject
    assert receipt.public_id in client.get(f"{LIST}1001/").text
    assert receipt.public_id in client.get("/ru/cabinet/data/").text


def test_claiming_twice_changes_nothing(guests, verified):
    client = confirmed(verified)
    assert [client.post(CLAIM).status_code for _time in range(2)] == [302, 302]
    assert GuestMark.objects.count() == 1


def test_an_order_that_somebody_has_is_nobody_elses(hers, boris):
    Customer.objects.filter(user=boris).update(phone="+77011234567")
    EmailAddress.objects.create(user=boris, email="aigerim@customer.example", verified=True)
    client = confirmed(boris)
    client.post(CLAIM)
    client.post(ONE, {"number": "1001", "total": "53500"})
    assert Order.objects.get().customer == hers.customer


@pytest.fixture
def with_phone(aigerim):
    Customer.objects.filter(user=aigerim).update(phone="+77011234567")
    return aigerim


@pytest.mark.parametrize("total", ["53500", "53 500,00 ₸", "53500.00"])
def test_phone_number_and_total_together_are_proof(guests, with_phone, total):
    confirmed(with_phone).post(ONE, {"number": "№ 1001", "total": total})
    assert Order.objects.get().customer == with_phone.customer


@pytest.mark.parametrize(("number", "total"), [("1001", "53501"), ("1002", "53500")])
def test_a_phone_without_the_rest_is_none_and_the_answer_is_one(guests, with_phone, number, total):
    answer = confirmed(with_phone).post(ONE, {"number": number, "total": total})
    assert answer.status_code == 422 and len(answer.context["form"].non_field_errors()) == 1
    assert Order.objects.get().customer is None


def test_another_phone_finds_nothing(guests, aigerim):
    Customer.objects.filter(user=aigerim).update(phone="+77019999999")
    assert confirmed(aigerim).post(ONE, {"number": "1001", "total": "53500"}).status_code == 422


def test_s11_trying_has_an_end(guests, with_phone):
    client = confirmed(with_phone)
    for total in range(5):
        client.post(ONE, {"number": "1001", "total": str(total)})
    client.post(ONE, {"number": "1001", "total": "53500"})
    assert Order.objects.get().customer is None


def test_s04_no_field_but_the_forms_own_changes_anything(guests, with_phone, boris):
    facts = {"number": "1001", "total": "53500", "customer": boris.customer.pk, "status": "delivered", "source": "x"}
    confirmed(with_phone).post(ONE, facts)
    order_ = Order.objects.get()
    assert (order_.customer, order_.status, order_.source) == (with_phone.customer, "placed", "shop")

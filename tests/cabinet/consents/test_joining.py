"""A visitor's cookie choices join the customer at sign-in, and are never taken from anybody."""

from __future__ import annotations

import pytest
from django.db import OperationalError
from django.test import Client

from cabinet.consents.joining import join
from cabinet.consents.models import CookieReceipt, ReceiptOwner
from tests.cabinet.consents.conftest import SAME_ORIGIN
from tests.conftest import PASSWORD, signed_in

COOKIES = "/ru/cabinet/consents/cookies/"


@pytest.fixture
def confirmed(aigerim, boris):
    from allauth.account.models import EmailAddress

    for user in (aigerim, boris):
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)


def sign_in(client, user):
    assert client.post("/ru/accounts/login/", {"login": user.email, "password": PASSWORD}).status_code == 302


def owned(user):
    return set(ReceiptOwner.objects.filter(user=user).values_list("receipt", flat=True))


def everything():
    return list(CookieReceipt.objects.order_by("pk").values_list("pk", flat=True))


def test_what_the_browser_chose_before_is_joined_with_what_it_followed(choose, visitor, confirmed, aigerim):
    choose("accept")
    choose("reject")
    assert owned(aigerim) == set()
    sign_in(visitor, aigerim)
    assert owned(aigerim) == set(everything())


def test_in_a_shared_browser_each_keeps_what_was_theirs(choose, visitor, confirmed, aigerim, boris):
    choose("accept")
    sign_in(visitor, aigerim)
    visitor.post("/ru/accounts/logout/")
    sign_in(visitor, boris)
    assert owned(boris) == set()
    choose("reject")
    first, second = everything()
    assert (owned(aigerim), owned(boris)) == ({first}, {second})
    visitor.post("/ru/accounts/logout/")
    sign_in(visitor, aigerim)
    assert (owned(aigerim), owned(boris)) == ({first}, {second})


def test_signing_in_twice_joins_once(choose, visitor, confirmed, aigerim):
    choose("accept")
    for _ in range(2):
        sign_in(visitor, aigerim)
        visitor.post("/ru/accounts/logout/")
    assert len(owned(aigerim)) == 1


def test_staff_join_nothing(choose, dana):
    choose("accept")
    assert join(CookieReceipt.objects.get().public_id, dana) == 0


@pytest.mark.parametrize("number", ["", "x", "AAAA-AAAA-AAAA-AAAA", "\0"])
def test_a_number_that_is_none_joins_nothing(asked, confirmed, aigerim, number):
    client = Client()
    client.cookies["cookie_consent"] = f"statistics=-1|receipt={number}"
    sign_in(client, aigerim)
    assert owned(aigerim) == set()


def test_a_ledger_that_cannot_be_written_keeps_nobody_out(choose, visitor, confirmed, aigerim, monkeypatch):
    def away(*args):
        raise OperationalError

    choose("accept")
    monkeypatch.setattr("cabinet.consents.joining.join", away)
    sign_in(visitor, aigerim)
    assert visitor.get("/ru/cabinet/").status_code == 200


def test_the_cabinet_shows_the_choice_and_changes_it_through_the_same_form(choose, aigerim):
    client = signed_in(aigerim)
    assert [group["allowed"] for group in client.get(COOKIES).context["groups"]] == [False]
    answer = choose("accept", client=client, origin="cabinet", next=COOKIES)
    assert answer.url.startswith(COOKIES)
    page = client.get(COOKIES)
    assert [group["allowed"] for group in page.context["groups"]] == [True]
    receipt = CookieReceipt.objects.get()
    assert (receipt.method, owned(aigerim)) == ("cabinet", {receipt.pk})
    assert receipt.public_id in page.text


def test_boris_does_not_see_aigerims_choices(choose, aigerim, boris):
    choose("accept", client=signed_in(aigerim))
    assert CookieReceipt.objects.get().public_id not in signed_in(boris).get(COOKIES).text


def test_nobody_signed_out_chooses_in_the_cabinet(choose):
    choose("accept", origin="cabinet", headers=SAME_ORIGIN)
    assert CookieReceipt.objects.get().method == "page"

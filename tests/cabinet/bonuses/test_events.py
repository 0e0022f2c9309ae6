"""What the shop engine tells of bonuses: once, in any order, with consent, never of an erased person."""

from __future__ import annotations

from decimal import Decimal
from itertools import permutations

import pytest
from django.db import transaction

from cabinet.bonuses.models import Account, Movement
from cabinet.consents.consenting import withdraw
from cabinet.customers.linking import link, mark_erased
from cabinet.exchange.intake import WrongContent
from tests.cabinet.bonuses.conftest import NOON, balance

pytestmark = pytest.mark.usefixtures("shop_stands")

YEAR = "2027-11-26T23:59:59+05:00"


def test_what_comes_and_goes_makes_the_balance(member, told):
    told("accrued", "1250.00", expires_at=YEAR, order="1042")
    told("spent", "300.5")
    told("expired", "49.50")
    told("corrected", "-100")
    assert balance(member) == Decimal("800.00")


def test_a_movement_keeps_what_was_told(member, told):
    told("accrued", "12.00", expires_at=YEAR, order="1042", reason="  For  your order ")
    movement = Movement.objects.get()
    assert (movement.kind, movement.amount, movement.reason) == ("accrued", Decimal(12), "For your order")
    assert (movement.order_number, movement.occurred_at, movement.source) == ("1042", NOON, "shop")
    assert movement.expires_at.isoformat() == "2027-11-26T18:59:59+00:00"


def test_i2_the_same_event_twice_moves_once(member, told):
    first, again = (told("accrued", event_id="evt_same") for _time in range(2))
    assert (first.is_repeat, again.is_repeat) == (False, True)
    assert balance(member) == 100


def test_f11_the_balance_does_not_depend_on_the_order_of_arrival(member, told):
    events = [("accrued", "200.00"), ("spent", "150.00"), ("corrected", "-30.00")]
    for order in permutations(events):
        with transaction.atomic():
            for event in order:
                assert told(*event, at=NOON).outcome == "applied"
            assert balance(member) == 20
            transaction.set_rollback(True)


def test_more_may_go_than_is_there_until_the_rest_arrives(member, told):
    told("spent", "50.00")
    assert balance(member) == -50
    told("accrued", "60.00")
    assert balance(member) == 10


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("amount", "0.00"),
        ("amount", "-5.00"),
        ("amount", "1.001"),
        ("amount", "1e3"),
        ("amount", "01"),
        ("amount", "٣"),
        ("amount", "99999999999"),
        ("amount", 5),
        ("amount", None),
        ("reason", ""),
        ("reason", "   "),
        ("reason", "x" * 301),
        ("reason", "\u202e"),
        ("order", ""),
        ("order", "x" * 41),
        ("customer", "C-17"),
        ("customer.id", ""),
        ("customer.id", 17),
        ("customer.name", "Boris"),
        ("expires_at", "tomorrow"),
        ("expires_at", "2026-11-01T00:00:00+05:00"),
        ("expires_at", "2126-11-01T00:00:00+05:00"),
        ("balance", "1000000"),
    ],
)
def test_s15_what_is_not_as_it_must_be_is_refused_by_its_field(member, told, field, value):
    with pytest.raises(WrongContent) as refused:
        told("accrued", **nested(field, value))
    assert refused.value.faults[0][0] == f"data.{field}"
    assert not Movement.objects.exists()


def nested(field, value):
    outer, _dot, inner = field.partition(".")
    return {outer: {"id": "C-17", inner: value}} if inner else {outer: value}


@pytest.mark.parametrize("amount", ["0", "-0.00", "--1", "+1", "1.", ".5"])
def test_a_correction_is_a_number_with_or_without_a_minus(member, told, amount):
    with pytest.raises(WrongContent):
        told("corrected", amount)


def test_f13_signs_that_nobody_sees_are_left_out(member, told):
    told("accrued", reason="For\u202e your" + "\u0301" * 250 + " \u200border")
    reason = Movement.objects.get().reason
    assert reason.startswith("For you") and reason.endswith(" order") and len(reason) < 20


def test_an_unknown_number_is_put_aside_and_nothing_of_it_kept(member, told):
    answer = told("accrued", customer={"id": "C-18"})
    assert (answer.outcome, answer.reason) == ("quarantined", "customer_unknown")
    assert not Movement.objects.exists()


def test_what_was_put_aside_is_tried_again_when_it_is_repeated(boris, agree, told):
    def again():
        answer = told("accrued", customer={"id": "B-1"}, event_id="evt_same")
        return answer.outcome, answer.reason

    assert again() == ("quarantined", "customer_unknown")
    link(source="shop", external_id="B-1", customer=boris.customer)
    assert again() == ("quarantined", "no_consent")
    agree(boris, "bonuses")
    assert again() == again() == ("applied", "")
    assert balance(boris.customer) == 100


def test_another_engines_number_is_unknown(member, told):
    assert told("accrued", source="till").reason == "customer_unknown"


def test_f11_an_event_of_an_erased_person_is_put_aside(member, told):
    mark_erased(member)
    for whose in ({"id": "C-17"}, {"id": "C-99", "subject": str(member.subject)}):
        answer = told("accrued", customer=whose)
        assert (answer.outcome, answer.reason) == ("quarantined", "person_erased")
    assert not Movement.objects.exists()


def test_nothing_is_credited_to_who_has_not_agreed(boris, told):
    link(source="shop", external_id="B-1", customer=boris.customer)
    for type_ in ("accrued", "spent", "expired"):
        assert told(type_, customer={"id": "B-1"}).reason == "no_consent"
    assert not Account.objects.exists()


def test_after_a_withdrawal_nothing_comes_but_what_is_there_may_go(member, told):
    told("accrued", "100.00")
    withdraw(customer=member, purpose="bonuses")
    assert told("accrued", "50.00").reason == told("corrected", "50.00").reason == "no_consent"
    assert told("spent", "30.00").outcome == told("corrected", "-10.00").outcome == "applied"
    assert balance(member) == 60

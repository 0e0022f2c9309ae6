"""What expires when: what was spent is what would have expired first, in whatever order events came."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cabinet.bonuses.actions import balance_of, expire_due, forfeit
from cabinet.bonuses.at_risk import at_risk
from cabinet.bonuses.expiry import next_to_expire, overdue, soon, until
from cabinet.bonuses.models import Account, Movement
from cabinet.bonuses.upkeep import expire
from tests.cabinet.bonuses.conftest import balance

pytestmark = pytest.mark.usefixtures("shop_stands")

DAY = timedelta(days=1)


def first(customer):
    return next_to_expire(customer, balance_of(customer))


def on_day(days):
    return timezone.localdate(timezone.now() + days * DAY)


def test_the_first_to_expire_is_told_with_its_day(member, add):
    add(member, "100", valid=90)
    add(member, "40", valid=10)
    assert (first(member).amount, first(member).day) == (40, on_day(10))


def test_what_expires_on_one_day_is_told_together(member, add):
    with time_machine.travel("2026-11-26T08:00:00+05:00", tick=False):
        for hours in (0, 3, 15):
            add(member, "10", expires_at=timezone.now() + 5 * DAY + timedelta(hours=hours))
        add(member, "10", valid=6)
        assert (first(member).amount, first(member).day) == (30, on_day(5))


def test_spending_takes_what_would_expire_first(member, add):
    add(member, "40", valid=10)
    add(member, "100", valid=90)
    add(member, "-50")
    assert (first(member).amount, first(member).day) == (90, on_day(90))


def test_what_never_expires_is_not_told(member, add):
    add(member, "100")
    assert first(member) is None
    assert overdue(member, balance_of(member)) == 0


def test_what_never_expires_is_spent_last(member, add):
    add(member, "100")
    add(member, "40", valid=10)
    add(member, "-30")
    assert first(member).amount == 10


def test_fractions_leave_no_dust(member, add):
    add(member, "0.10", valid=5)
    add(member, "0.20", valid=6)
    add(member, "0.30", valid=7)
    add(member, "-0.30")
    assert (first(member).amount, first(member).day) == (Decimal("0.30"), on_day(7))


def test_below_nought_nothing_expires(member, add):
    add(member, "10", valid=5)
    add(member, "-20")
    assert first(member) is None
    assert soon(member, balance_of(member)) == 0


def test_it_takes_two_queries_however_long_the_history(member, add, django_assert_num_queries):
    for days in range(60):
        add(member, "10", valid=1 + days)
    add(member, "-250")
    kept = balance_of(member)
    with django_assert_num_queries(2):
        assert next_to_expire(member, kept).day == on_day(26)


def test_the_hour_takes_away_what_expired_where_the_operator_says_so(member, add, settings):
    add(member, "40", valid=10)
    add(member, "100", valid=90)
    add(member, "-15")
    with time_machine.travel(timezone.now() + 11 * DAY, tick=False):
        assert expire() == 0
        settings.BONUSES_EXPIRE_HERE = True
        assert (expire(), expire()) == (1, 0)
    assert balance(member) == 100
    assert Movement.objects.get(kind="expired").amount == -25


def test_what_the_shop_engine_took_away_already_does_not_go_twice(member, add):
    add(member, "40", valid=-1)
    add(member, "100", valid=90)
    add(member, "-40", kind="expired")
    assert expire_due(customer=member) is None


# Giving up, and what is at risk ------------------------------------------------------------------------


def test_giving_up_takes_all_once_and_is_recorded(member, add):
    from cabinet.audit.models import Event

    add(member, "1250.50")
    assert forfeit(customer=member, reason="The account was deleted.").amount == Decimal("-1250.50")
    assert forfeit(customer=member, reason="The account was deleted.") is None
    assert balance(member) == 0
    assert Event.objects.filter(name="bonuses.bonus.forfeited", subject=str(member.subject)).count() == 1


def test_a_debt_of_ledgers_is_not_given_up(member, add):
    add(member, "-5")
    assert forfeit(customer=member, reason="") is None


def test_who_deletes_the_account_is_told_what_goes(member, add):
    add(member, "1000", valid=200)
    add(member, "250", valid=10)
    risk = at_risk(member)
    assert (risk.balance, risk.expiring) == (1250, 250)
    assert "1,250" in risk.sentence.replace("\xa0", ",") and "250" in risk.sentence


def test_who_has_none_is_told_nothing(aigerim):
    assert at_risk(aigerim.customer).sentence == ""


# The balance ------------------------------------------------------------------------


def test_a_wrong_balance_is_named_and_mended(member, add, capsys):
    add(member, "100")
    Account.objects.update(balance=7)
    with pytest.raises(SystemExit):
        call_command("check_bonus_balances", "--dry-run")
    assert f"{member.public_id}: 7" in capsys.readouterr().out
    call_command("check_bonus_balances")
    assert "Wrong: 1, mended: 1" in capsys.readouterr().out
    assert balance(member) == 100
    call_command("check_bonus_balances", "--dry-run")


def test_a_missing_account_is_mended_too(member, add):
    add(member, "100")
    Account.objects.all().delete()
    call_command("check_bonus_balances")
    assert balance(member) == 100


amounts = st.decimals("0.01", "500", places=2)
lots = st.tuples(amounts, st.sampled_from([None, 1, 2, 3, 40]))
given_history = given(st.lists(lots, min_size=1, max_size=5), st.lists(amounts, max_size=3), st.randoms())


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given_history
def test_the_sum_is_the_balance_and_the_rest_falls_due_day_by_day(member, add, came, went, chance):
    Movement.objects.all().delete()
    Account.objects.all().delete()
    moves = [(amount, valid) for amount, valid in came] + [(-amount, None) for amount in went]
    chance.shuffle(moves)
    for amount, valid in moves:
        add(member, str(amount), valid=valid)
    kept = balance(member)
    assert kept == sum(amount for amount, _valid in came) - sum(went)
    due = [until(member, kept, timezone.now() + days * DAY) for days in (0, 1, 2, 3, 40)]
    assert due == sorted(due) and due[0] == 0 and due[-1] <= max(kept, 0)
    if kept > 0 and due[-1]:
        assert first(member).amount == next(amount for amount in due if amount)
    else:
        assert first(member) is None

"""The demo's bonuses are believable, come to their balances, and are made once."""

from __future__ import annotations

from django.core.management import call_command

from cabinet.bonuses.actions import balance_of
from cabinet.bonuses.demo import load_bonuses
from cabinet.bonuses.expiry import next_to_expire, overdue
from cabinet.bonuses.models import Account, Movement
from cabinet.customers.demo_customers import load_crowd, load_own
from cabinet.customers.models import Customer, User


def test_aigerim_has_bonuses_of_which_some_expire_soon_and_a_second_loading_adds_none(db, settings, capsys):
    settings.DEBUG = True
    user = User.objects.create_user("aigerim@kelisim.example", is_demo=True)
    load_own(user, "Aigerim", "")
    load_crowd()
    assert load_bonuses() == Movement.objects.count() > 200
    assert load_bonuses() == 0
    hers = Customer.objects.get(user=user)
    assert balance_of(hers) == 1556
    assert next_to_expire(hers, balance_of(hers)).amount == 150
    assert all(overdue(each.customer, each.balance) == 0 for each in Account.objects.all())
    call_command("check_bonus_balances", "--dry-run")
    assert "Wrong: 0" in capsys.readouterr().out

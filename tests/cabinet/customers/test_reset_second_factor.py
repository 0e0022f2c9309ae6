"""manage.py reset_second_factor: a lost telephone does not lock anybody out for ever."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from tests.cabinet.customers.factors import code, give_totp
from tests.conftest import PASSWORD


def test_the_factor_goes_sessions_end_and_the_person_is_told(dana, capsys, delivered):
    give_totp(dana)
    client = Client()
    client.post("/ru/accounts/login/", {"login": dana.email, "password": PASSWORD})
    client.post("/ru/accounts/2fa/authenticate/", {"code": code()})
    assert client.get("/admin/").status_code == 200
    call_command("reset_second_factor", "DANA@kelisim.example")
    assert capsys.readouterr().out == "Removed: 1, sessions ended: 1\n"
    assert client.get("/admin/")["Location"] == "/ru/accounts/login/?next=/admin/"
    assert delivered()[-1].to == [dana.email]


def test_a_second_time_does_nothing_more(dana, capsys, delivered):
    call_command("reset_second_factor", dana.email)
    assert capsys.readouterr().out == "Removed: 0, sessions ended: 0\n"
    assert delivered() == []


def test_an_unknown_address_is_named(db):
    with pytest.raises(CommandError, match=r"nobody@shop\.example"):
        call_command("reset_second_factor", "nobody@shop.example")

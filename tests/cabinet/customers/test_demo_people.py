"""Demo people exist in demos and nowhere else (trust.md, s25)."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.test import Client

from cabinet.customers import checks, demo
from cabinet.customers.models import User
from tests.cabinet.customers.factors import show_second_factor

MARK = "data-demo-code="


@pytest.fixture
def demo_on(settings, db):
    settings.DEBUG = True
    settings.MFA_TOTP_TOLERANCE = 10
    demo.load_people()


def test_s25_demo_people_are_not_made_where_debug_is_off(db):
    with pytest.raises(ImproperlyConfigured, match="DEBUG=1"):
        demo.load_people()
    assert not User.objects.exists()


def test_loading_twice_changes_nothing(demo_on):
    before = [list(model.objects.order_by("pk").values()) for model in (User, Authenticator)]
    demo.load_people()
    assert before == [list(model.objects.order_by("pk").values()) for model in (User, Authenticator)]


def test_loading_again_mends_a_changed_password(demo_on):
    dana = User.objects.get(email="dana@kelisim.example")
    dana.set_password("something else")
    dana.save()
    demo.load_people()
    assert User.objects.get(pk=dana.pk).check_password("dana writes it down")


@pytest.mark.parametrize("person", demo.PEOPLE, ids=lambda person: person.email)
def test_each_demo_person_signs_in_with_the_code_on_the_page(demo_on, person):
    for _again in range(3):
        assert signed_in_by_the_page(person).get("/ru/accounts/2fa/").status_code == 200


def test_s25_a_stranger_is_shown_no_code(demo_on, dana_of_the_shop):
    client = Client()
    client.force_login(dana_of_the_shop)
    show_second_factor(client, dana_of_the_shop)
    assert MARK not in client.get("/ru/accounts/2fa/reauthenticate/").content.decode()


def test_s25_where_debug_is_off_no_code_is_shown(demo_on, settings):
    user = User.objects.get(email="dana@kelisim.example")
    assert demo.code_to_show(user)
    settings.DEBUG = False
    assert demo.code_to_show(user) == ""


@pytest.mark.parametrize("person", demo.PEOPLE, ids=lambda person: person.email)
def test_s25_where_debug_is_off_a_demo_password_opens_nothing(demo_on, settings, person):
    settings.DEBUG = False
    client = Client()
    response = client.post("/ru/accounts/login/", {"login": person.email, "password": person.password}, follow=True)
    assert MARK not in response.content.decode()
    assert "_auth_user_id" not in client.session
    assert client.get("/ru/accounts/2fa/authenticate/")["Location"] == "/ru/accounts/login/"


def test_s25_where_debug_is_off_a_session_open_before_is_nobodys(demo_on, settings):
    client = signed_in_by_the_page(demo.PEOPLE[0])
    assert client.get("/ru/accounts/2fa/").status_code == 200
    settings.DEBUG = False
    assert client.get("/ru/accounts/2fa/").status_code == 302


def test_s25_the_deployment_check_tells_of_demo_people(demo_on, settings):
    settings.DEBUG = False
    [warning] = checks.no_demo_people(None)
    assert "4 demo accounts" in warning.msg


def test_s25_the_deployment_check_is_silent_without_them(db):
    assert checks.no_demo_people(None) == []


@pytest.fixture
def dana_of_the_shop(make_user):
    return make_user("dana@shop.example", "Dana", ("Editors",))


def signed_in_by_the_page(person) -> Client:
    """Sign in as a newcomer does: password, then the code that the page shows."""
    client = Client()
    client.post("/ru/accounts/login/", {"login": person.email, "password": person.password})
    page = client.get("/ru/accounts/2fa/authenticate/").content.decode()
    code = page.partition(MARK)[2][1:7]
    assert client.post("/ru/accounts/2fa/authenticate/", {"code": code}).status_code == 302, page
    return client


def test_s25_load_demo_refuses_where_debug_is_off(db):
    with pytest.raises(Exception, match="DEBUG=1"):
        call_command("load_demo")

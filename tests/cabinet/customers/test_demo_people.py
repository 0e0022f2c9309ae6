"""Demo people exist in demos and nowhere else (trust.md, s25)."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.test import Client

from cabinet.customers import checks, demo
from cabinet.customers.demo_customers import CROWD, load_crowd
from cabinet.customers.forms_of_people import AddressForm, ProfileForm
from cabinet.customers.models import Address, Customer, User
from tests.cabinet.customers.factors import show_second_factor

STAFF = [person for person in demo.PEOPLE if person.is_staff]
CUSTOMERS = [person for person in demo.PEOPLE if not person.is_staff]
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
    load_crowd()
    models = (User, Authenticator, EmailAddress, Customer, Address)
    before = [list(model.objects.order_by("pk").values()) for model in models]
    demo.load_people()
    assert load_crowd() == 0
    assert before == [list(model.objects.order_by("pk").values()) for model in models]


def test_loading_again_mends_a_changed_password(demo_on):
    dana = User.objects.get(email="dana@kelisim.example")
    dana.set_password("something else")
    dana.save()
    demo.load_people()
    assert User.objects.get(pk=dana.pk).check_password("dana writes it down")


@pytest.mark.parametrize("person", STAFF, ids=lambda person: person.email)
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
    assert f"{len(demo.PEOPLE)} demo accounts" in warning.msg


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


@pytest.mark.parametrize("person", CUSTOMERS, ids=lambda person: person.email)
def test_demo_customers_sign_in_by_password_alone_and_are_known_in_full(demo_on, person):
    answer = Client().post("/ru/accounts/login/", {"login": person.email, "password": person.password})
    assert answer["Location"] == "/ru/cabinet/"
    customer = Customer.objects.get(user__email=person.email)
    assert all((customer.full_name, customer.birth_date, customer.phone, customer.postal_address))
    assert customer.addresses.exists()


def test_the_crowd_is_the_same_each_time_and_nobody_can_be_written_to(demo_on):
    assert load_crowd() == CROWD
    crowd = User.objects.filter(is_staff=False).exclude(email__in=[person.email for person in CUSTOMERS])
    assert crowd.count() == CROWD
    assert not any(user.has_usable_password() for user in crowd)
    assert all(user.email.endswith(".example") and user.is_demo for user in crowd)
    told = set(Customer.objects.values_list("user__email", "first_name", "last_name", "phone", "birth_date"))
    crowd.delete()
    load_crowd()
    assert told == set(Customer.objects.values_list("user__email", "first_name", "last_name", "phone", "birth_date"))


def test_what_demo_customers_have_passes_our_own_forms(demo_on):
    load_crowd()
    for form_class, rows in ((ProfileForm, Customer.objects.all()[:40]), (AddressForm, Address.objects.all()[:40])):
        for row in rows:
            form = form_class(instance=row)
            typed = {name: form[name].value() or "" for name in form.fields if name != "birth_date"}
            assert form_class(typed, instance=row).saved(), typed

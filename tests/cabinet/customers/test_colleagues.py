"""Accounts in Wagtail's settings: invite, find, change, close."""

from __future__ import annotations

import re

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.test import Client

from cabinet.customers.models import User
from tests.conftest import PASSWORD, signed_in

NEW = {"email": "Timur@Kelisim.Example", "first_name": "Timur", "last_name": "Orders"}


@pytest.fixture
def administrator(make_user):
    return signed_in(make_user("chief@shop.example", "Chief", ("Editors",), is_superuser=True))


@pytest.fixture
def invited(administrator):
    """Timur, just invited."""
    answer = administrator.post("/admin/users/new/", {**NEW, "groups": [Group.objects.get(name="Editors").pk]})
    assert answer.status_code == 302, answer.context["form"].errors
    return User.objects.get(email="timur@kelisim.example")


def test_a_colleague_is_invited_by_letter_and_chooses_the_password(invited, delivered):
    assert not invited.has_usable_password()
    link = re.search(r"http://[^/]+(\S+/key/\S+)", delivered()[0].body).group(1)
    client = Client()
    form = client.get(link)["Location"]
    client.post(form, {"password1": PASSWORD, "password2": PASSWORD})
    client.post("/ru/accounts/login/", {"login": invited.email, "password": PASSWORD})
    assert client.get("/admin/")["Location"] == "/ru/accounts/2fa/totp/activate/"


def test_the_form_asks_for_no_password_and_no_user_name(administrator):
    fields = administrator.get("/admin/users/new/").context["form"].fields
    assert set(fields) == {"email", "first_name", "last_name", "is_superuser", "groups"}


def test_one_address_in_another_spelling_is_refused(administrator, invited):
    answer = administrator.post("/admin/users/new/", {**NEW, "email": "TIMUR@kelisim.example"})
    assert answer.status_code == 200
    assert "email" in answer.context["form"].errors


@pytest.mark.parametrize("query", ["", "?q=timur", "?q=Orders", "?ordering=email", "?ordering=-name"])
def test_colleagues_are_found(administrator, invited, query):
    assert "timur@kelisim.example" in administrator.get(f"/admin/users/{query}").content.decode()


def test_a_changed_address_is_the_only_one_and_not_yet_confirmed(administrator, invited):
    fields = {**NEW, "email": "t@shop.example", "is_active": "on"}
    assert administrator.post(f"/admin/users/edit/{invited.pk}/", fields).status_code == 302
    assert list(EmailAddress.objects.filter(user=invited).values_list("email", "primary", "verified")) == [
        ("t@shop.example", True, False)
    ]


@pytest.mark.parametrize("path", ["edit/{}/", "history/{}/", "usage/{}/", "delete/{}/"])
def test_the_views_of_an_account_open(administrator, invited, path):
    assert administrator.get("/admin/users/" + path.format(invited.pk)).status_code == 200


def test_an_editor_cannot_open_accounts(editor_client, dana):
    for path in ("/admin/users/", "/admin/users/new/", f"/admin/users/edit/{dana.pk}/"):
        assert editor_client.get(path).status_code == 302
        assert editor_client.post(path, NEW).status_code == 302
    assert not User.objects.filter(first_name="Timur").exists()


def test_an_editor_cannot_raise_herself(editor_client, dana):
    editor_client.post(
        "/admin/account/", {"name_email-first_name": "D", "name_email-last_name": "E", "is_superuser": "on"}
    )
    dana.refresh_from_db()
    assert not dana.is_superuser

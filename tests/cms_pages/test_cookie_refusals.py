"""What Dana is refused when she writes a cookie group, and where she is told."""

from __future__ import annotations

import pytest

from cms_pages.models import BannerEdition, CookieDeclaration, CookieGroup
from tests.cms_pages.cookie_desk import (
    ADD,
    COOKIE,
    MAP,
    PURPOSE,
    edit_url,
    new_group,
    rows,
    save,
)
from tests.cms_pages.test_hostile_text import HOSTILE


def test_two_groups_cannot_have_the_same_varname(editor_client, asked):
    response = editor_client.post(ADD, new_group(varname="statistics"))
    assert "varname" in response.context["form"].errors
    assert CookieGroup.objects.count() == 2


@pytest.mark.parametrize("varname", ["asked", "gpc", "receipt", "a b", "a|b", "a=b", "статистика", "<b>"])
def test_a_varname_that_the_answer_could_not_hold_is_refused(editor_client, asked, varname):
    assert "varname" in editor_client.post(ADD, new_group(varname=varname)).context["form"].errors


def test_a_group_to_decide_on_needs_a_cookie(editor_client, asked):
    response = editor_client.post(ADD, {**MAP, **rows()})
    assert "хотя бы один cookie" in str(response.context["form"].non_field_errors())


def test_its_last_cookie_cannot_be_taken_out(editor_client, statistics):
    save(editor_client, edit_url(statistics), **{"declarations-0-DELETE": "on"})
    assert statistics.declarations.count() == 1


def test_a_cookie_cannot_be_declared_twice(editor_client, asked):
    cookie = {**COOKIE, **PURPOSE}
    editor_client.post(ADD, new_group(cookie, cookie))
    assert not CookieGroup.objects.filter(varname="map").exists()


def test_names_cannot_be_swapped_in_one_go(editor_client, statistics):
    CookieDeclaration.objects.create(group=statistics, name="more", **PURPOSE)
    names = {"declarations-0-name": "more", "declarations-1-name": "visit"}
    response = save(editor_client, edit_url(statistics), **names)
    assert response.status_code == 200 and "name" in response.context["form"].formsets["declarations"].errors[0]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("path", "no-slash"),
        ("path", "/a;b"),
        ("path", "/a b"),
        ("path", "/путь"),
        ("domain", "https://example.kz"),
        ("domain", "a b"),
        ("name", "a b"),
        ("name", "a=b"),
        ("name", "a;b"),
        ("name", "*"),
        ("name", "a*b"),
        ("name", "x\x00"),
        ("lasts", "0"),
        ("lasts", "-1"),
        ("lasts", "99999999999999999999"),
    ],
)
def test_what_no_cookie_can_have_is_refused_at_its_field(editor_client, asked, field, value):
    response = editor_client.post(ADD, new_group({**COOKIE, **PURPOSE, field: value}))
    assert field in response.context["form"].formsets["declarations"].errors[0]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("hosts", "https://www.openstreetmap.org"),
        ("hosts", "*.example.kz"),
        ("hosts", "localhost"),
        ("hosts", "'unsafe-inline'"),
        ("script", "//evil.example/a.js"),
        ("script", "https://elsewhere.example/a.js"),
        ("script", 'https://www.openstreetmap.org/a.js" onload="alert(1)'),
        ("script", "/static/../media/a.js"),
        ("script", "data:text/javascript,alert(1)"),
    ],
)
def test_what_would_load_from_elsewhere_is_refused(editor_client, asked, field, value):
    assert field in editor_client.post(ADD, new_group(**{field: value})).context["form"].errors


def test_a_broken_form_is_no_failure(editor_client, statistics):
    broken = ({}, {"declarations-TOTAL_FORMS": "x"}, {**MAP, **rows({}, stored=1)})
    broken += ({**MAP, **rows({"cookie_ptr": "x"}, stored=1)}, {**MAP, **rows({"cookie_ptr": 999}, stored=1)})
    for data in broken:
        assert editor_client.post(edit_url(statistics), data).status_code == 200
    assert BannerEdition.objects.count() == 3


FORGED = [
    {"declarations-TOTAL_FORMS": 99999},
    {"declarations-TOTAL_FORMS": 201},
    {"declarations-TOTAL_FORMS": 99999, "declarations-INITIAL_FORMS": 99999},
]


@pytest.mark.parametrize("counts", FORGED)
def test_a_form_that_claims_countless_cookies_is_refused_without_making_them(editor_client, statistics, counts):
    response = save(editor_client, edit_url(statistics), **counts)
    formset = response.context["form"].formsets["declarations"]
    assert len(formset.forms) == 1  # the one that is stored
    assert "100 cookie" in str(formset.non_form_errors()) and "100 cookie" in response.text
    assert BannerEdition.objects.count() == 3


def test_a_group_has_a_hundred_cookies_at_the_most(asked, dana):
    from cms_pages.cookie_group_staff import CookieGroupViewSet

    form_class = CookieGroupViewSet().edit_handler.bind_to_model(CookieGroup).get_form_class()
    cookies = [{**COOKIE, **PURPOSE, "name": f"map_{number}"} for number in range(101)]
    assert form_class(new_group(*cookies[:100]), for_user=dana).is_valid()
    form = form_class(new_group(*cookies), for_user=dana)
    assert not form.is_valid() and "100 cookie" in str(form.formsets["declarations"].non_form_errors())
    cookies[0]["DELETE"] = "on"
    assert form_class(new_group(*cookies), for_user=dana).is_valid()


def test_s05_hostile_hosts_and_scripts_reach_no_page(editor_client, visitor, statistics):
    for text in HOSTILE:
        save(editor_client, edit_url(statistics), hosts=text, script=text)
    assert BannerEdition.objects.count() == 3

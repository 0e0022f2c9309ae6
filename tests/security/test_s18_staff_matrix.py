"""s18: who on staff may open which view of which model of ours; a view missing from the table fails."""

from __future__ import annotations

import pytest
from django.urls import reverse

from cms_pages.staff import edition_viewset
from tests.conftest import signed_in

# Everybody who may enter the admin may read editions; nobody, an administrator included, may do anything else.
EDITION_VIEWS = {
    "index": {"editor", "lawyer", "officer", "administrator"},
    "index_results": {"editor", "lawyer", "officer", "administrator"},
    "inspect": {"editor", "lawyer", "officer", "administrator"},
    "history": set(),
    "history_results": set(),
    "usage": set(),
    "add": set(),
    "edit": set(),
    "delete": set(),
}
ROLES = {
    "editor": "Editors",
    "lawyer": "Lawyers",
    "officer": "Privacy officers",
    "order staff": "Order staff",
    "administrator": None,
}


@pytest.fixture
def edition(make_document, publish):
    from cms_pages.models import HomePage
    from cms_pages.starter.roles import make_roles

    page = make_document()
    make_roles(list(HomePage.objects.all()))
    return publish(page)


@pytest.fixture
def client_of(make_user):
    def make(role):
        group = ROLES[role]
        return signed_in(
            make_user(f"{role.replace(' ', '-')}@kelisim.example", role, (group or "x",), is_superuser=group is None)
        )

    return make


def test_s18_every_view_of_an_edition_stands_in_the_table():
    assert {pattern.name for pattern in edition_viewset.get_urlpatterns()} == set(EDITION_VIEWS)


@pytest.mark.parametrize("role", ROLES)
def test_s18_views_of_editions(client_of, edition, role):
    client = client_of(role)
    for view, allowed in EDITION_VIEWS.items():
        args = () if view in {"index", "index_results", "add"} else (edition.pk,)
        status = client.get(reverse(f"editions:{view}", args=args)).status_code
        assert (status == 200) is (role in allowed), (role, view, status)


@pytest.mark.parametrize("role", ROLES)
def test_s18_the_operators_card_is_the_officers(client_of, edition, site_ru, role):
    url = reverse("wagtailsettings:edit", args=("cms_pages", "operatorcard", site_ru.pk))
    assert (client_of(role).get(url).status_code == 200) is (role in {"officer", "administrator"})


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("view", ["edit", "history", "view_draft", "usage"])
def test_s18_views_of_a_document(client_of, edition, role, view):
    url = reverse(f"wagtailadmin_pages:{view}", args=(edition.page_id,))
    assert (client_of(role).get(url).status_code == 200) is (role != "order staff")


def test_s18_a_visitor_and_a_customer_see_nothing_of_it(visitor, customer_client, edition):
    for client in (visitor, customer_client):
        for view in EDITION_VIEWS:
            args = () if view in {"index", "index_results", "add"} else (edition.pk,)
            assert client.get(reverse(f"editions:{view}", args=args)).status_code in {302, 403}

"""The site serves no files yet, so nobody can upload one that an address would lead to."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.urls import reverse

from tests.addresses import all_routes


def test_no_library_of_documents_or_pictures_is_installed():
    assert not {"wagtaildocs", "wagtailimages"} & {config.label for config in apps.get_app_configs()}
    assert [route for route in all_routes() if route.startswith(("admin/images/", "admin/documents/"))] == []


@pytest.mark.parametrize("name", ["documents", "images"])
def test_nothing_is_behind_the_endpoints_that_wagtail_names(admin, site_ru, name):
    assert admin.get(f"/admin/api/main/{name}/").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/admin/",
        "/admin/pages/",
        "/admin/users/",
        "/admin/users/new/",
        "/admin/groups/",
        "/admin/groups/new/",
        "/admin/collections/",
        "/admin/account/",
        "/admin/workflows/list/",
        "/admin/choose-page/",
        "/admin/choose-external-link/",
        "/admin/choose-email-link/",
        "/admin/choose-anchor-link/",
    ],
)
def test_the_admin_works_without_them(admin, site_ru, path):
    assert admin.get(path).status_code == 200


def test_the_editor_works_without_them(admin, make_document):
    page = make_document()
    for view in ("edit", "history", "copy", "delete", "usage"):
        assert admin.get(reverse(f"wagtailadmin_pages:{view}", args=(page.pk,))).status_code in {200, 302}


def test_a_colleagues_page_opens_without_the_library_of_pictures(admin, dana):
    assert admin.get(reverse("wagtailusers_users:edit", args=(dana.pk,))).status_code == 200


@pytest.fixture
def admin(make_user):
    from tests.conftest import signed_in

    return signed_in(make_user("admin@kelisim.example", "Admin", ("Administrators",), is_superuser=True))

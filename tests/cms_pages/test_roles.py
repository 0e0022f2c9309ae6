"""What the roles of the starter may do: each permission is given once, by the release that brings it."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.management.sql import emit_post_migrate_signal

from cms_pages.models import GivenPermission, HomePage
from cms_pages.starter import roles

NEW = "cms_pages.view_operatorcard"  # as if a later release let lawyers read the card


@pytest.fixture
def later_release(site_ru, monkeypatch):
    """The permissions of a release to come."""
    lawyers = (*roles.MODEL_PERMISSIONS[roles.LAWYERS], NEW)
    monkeypatch.setitem(roles.MODEL_PERMISSIONS, roles.LAWYERS, lawyers)


def migrated() -> None:
    """What `manage.py migrate` does last."""
    emit_post_migrate_signal(verbosity=0, interactive=False, db="default")


def permissions(name: str) -> set[str]:
    found = Group.objects.get(name=name).permissions.select_related("content_type")
    return {f"{one.content_type.app_label}.{one.codename}" for one in found}


def take_away(group: str, codename: str) -> None:
    permission = Group.objects.get(name=group).permissions.get(codename=codename)
    Group.objects.get(name=group).permissions.remove(permission)


def test_what_a_shop_takes_away_stays_away(site_ru):
    take_away(roles.EDITORS, "delete_cookiegroup")
    migrated()
    roles.make_roles(list(HomePage.objects.all()))
    assert "cms_pages.delete_cookiegroup" not in permissions(roles.EDITORS)
    assert "cms_pages.change_cookiegroup" in permissions(roles.EDITORS)


def test_an_upgraded_site_gets_what_a_later_release_brings(later_release):
    before = permissions(roles.LAWYERS), permissions(roles.EDITORS)
    migrated()
    assert permissions(roles.LAWYERS) == before[0] | {NEW}
    assert permissions(roles.EDITORS) == before[1]


def test_it_gets_it_once(later_release):
    migrated()
    take_away(roles.LAWYERS, "view_operatorcard")
    migrated()
    assert NEW not in permissions(roles.LAWYERS)


def test_a_group_that_is_not_ours_is_given_nothing(later_release):
    Group.objects.all().delete()
    Group.objects.create(name=roles.EDITORS)  # as Wagtail brings it along, before there is a starter
    migrated()
    assert permissions(roles.EDITORS) == set()


# Sites that stood before there was a memory -------------------------------------------------------------------------


@pytest.fixture
def before_the_memory(site_ru):
    GivenPermission.objects.all().delete()

    def upgrade() -> None:
        import_module("cms_pages.migrations.0006_remember_given_permissions").remember(apps, None)
        migrated()

    return upgrade


def test_a_site_from_before_the_cookies_is_given_them(before_the_memory):
    for group in Group.objects.filter(name__in=roles.MODEL_PERMISSIONS):
        group.permissions.remove(*group.permissions.filter(codename__iregex="cookie|banner|receipt"))
    take_away(roles.OFFICERS, "change_operatorcard")
    before_the_memory()
    assert permissions(roles.EDITORS) >= set(roles.MODEL_PERMISSIONS[roles.EDITORS])
    assert permissions(roles.OFFICERS) == set(roles.MODEL_PERMISSIONS[roles.OFFICERS]) - {
        "cms_pages.change_operatorcard"
    }


def test_a_site_that_had_the_cookies_keeps_what_it_took_away(before_the_memory):
    take_away(roles.EDITORS, "delete_cookiegroup")
    before_the_memory()
    assert "cms_pages.delete_cookiegroup" not in permissions(roles.EDITORS)


def test_a_site_without_the_starters_roles_is_left_alone(before_the_memory):
    Group.objects.all().delete()
    Group.objects.create(name=roles.EDITORS)
    before_the_memory()
    assert not GivenPermission.objects.exists() and permissions(roles.EDITORS) == set()

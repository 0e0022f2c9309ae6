"""A sealed row is refused by model, QuerySet and database, on both engines (i11)."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.models import ProtectedError
from wagtail.models import Page

from cabinet.audit.append_only import AppendOnlyError
from cms_pages.guards import EditionsStandHere
from cms_pages.models import Edition


@pytest.fixture
def edition(make_document, publish, dana):
    return publish(make_document(), user=dana)


def test_i11_the_model_refuses_to_change_or_delete(edition):
    edition.title = "Other"
    with pytest.raises(AppendOnlyError):
        edition.save()
    with pytest.raises(AppendOnlyError):
        edition.delete()


@pytest.mark.parametrize("verb", ["update", "delete", "bulk_update", "update_or_create"])
def test_i11_the_queryset_refuses(edition, verb):
    with pytest.raises(AppendOnlyError):
        getattr(Edition.objects.all(), verb)()
    with pytest.raises(AppendOnlyError):
        getattr(Edition.objects, verb)()


@pytest.mark.parametrize(
    "sql",
    ["UPDATE cms_pages_edition SET title = 'Other'", "DELETE FROM cms_pages_edition", "TRUNCATE cms_pages_edition"],
)
def test_i11_the_database_itself_refuses(edition, sql):
    if sql.startswith("TRUNCATE") and connection.vendor == "sqlite":
        sql = "DELETE FROM cms_pages_edition WHERE 1"
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert Edition.objects.get().title == edition.title


def test_i11_the_page_its_revision_and_its_author_are_protected(edition, dana):
    with pytest.raises(EditionsStandHere):
        edition.page.delete()
    with pytest.raises(ProtectedError), transaction.atomic():
        Page.objects.filter(pk=edition.page_id).delete()
    with pytest.raises(ProtectedError), transaction.atomic():
        edition.revision.delete()
    with pytest.raises(ProtectedError), transaction.atomic():
        get_user_model().objects.get(pk=dana.pk).delete()


def test_i11_purging_revisions_leaves_those_of_editions(edition, publish):
    publish(edition.page, clauses=[["Later."]])
    call_command("purge_revisions")
    assert Edition.objects.filter(revision__isnull=False).count() == 2


def test_i11_deleting_the_whole_site_is_refused_too(edition, site_ru):
    with pytest.raises(EditionsStandHere):
        site_ru.root_page.specific.delete()
    with pytest.raises(EditionsStandHere), transaction.atomic():
        site_ru.delete()
    site_ru.root_page = edition.page
    with pytest.raises(EditionsStandHere):
        site_ru.save()
    assert Edition.objects.count() == 1


def test_i11_sqlite_replace_cannot_push_an_edition_out(edition):
    if connection.vendor != "sqlite":
        pytest.skip("REPLACE is SQLite's.")
    columns = [field.column for field in Edition._meta.concrete_fields]
    for changed in ("html", "id"):
        values = ", ".join({changed: "'0'"}.get(column, f'"{column}"') for column in columns)
        sql = f"REPLACE INTO cms_pages_edition ({', '.join(columns)}) SELECT {values} FROM cms_pages_edition"
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    assert Edition.objects.get().html == edition.html

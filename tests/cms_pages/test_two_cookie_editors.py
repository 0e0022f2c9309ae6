"""Two editors of the same cookies: neither undoes what the other has saved."""

from __future__ import annotations

import pytest

from cms_pages.cookie_forms import SavedMeanwhile
from cms_pages.models import BannerEdition, CookieDeclaration, CookieGroup
from tests.cms_pages.cookie_desk import (
    ADD,
    PURPOSE,
    edit_url,
    filled,
    new_group,
    save,
)


def test_the_second_editor_does_not_undo_what_the_first_saved(editor_client, officer_client, statistics, dana, saule):
    saule.groups.set(dana.groups.all())
    opened = filled(officer_client, edit_url(statistics))
    save(editor_client, edit_url(statistics), name_ru="Учёт посещений")
    response = officer_client.post(edit_url(statistics), {**opened, "name_ru": "Моё имя"})
    assert "Кто-то другой сохранил" in str(response.context["form"].non_field_errors())
    assert "Моё имя" in response.text
    statistics.refresh_from_db()
    assert statistics.name_ru == "Учёт посещений"


def test_a_cookie_that_another_editor_took_out_is_no_failure(editor_client, statistics):
    CookieDeclaration.objects.create(group=statistics, name="more", **PURPOSE)
    opened = filled(editor_client, edit_url(statistics))
    statistics.declarations.get(name="more").delete()
    response = editor_client.post(edit_url(statistics), opened)
    assert response.status_code == 200 and "Кто-то другой сохранил" in response.text


def test_who_saves_at_the_same_moment_is_told_and_undoes_nothing(editor_client, statistics, dana):
    form_class = type(editor_client.get(edit_url(statistics)).context["form"])
    posted = {**filled(editor_client, edit_url(statistics)), "name_ru": "Моё имя"}
    form = form_class(posted, instance=CookieGroup.objects.get(pk=statistics.pk), for_user=dana)
    assert form.is_valid(), form.errors
    CookieGroup.objects.filter(pk=statistics.pk).update(name_ru="Чужое имя")  # between the check and the saving
    with pytest.raises(SavedMeanwhile):
        form.save()
    statistics.refresh_from_db()
    assert statistics.name_ru == "Чужое имя" and BannerEdition.objects.count() == 3


def test_an_editor_of_other_things_is_not_in_the_way(editor_client, statistics):
    opened = filled(editor_client, edit_url(statistics))
    editor_client.post(ADD, new_group())
    editor_client.post(edit_url(statistics), {**opened, "name_ru": "Учёт посещений"})
    statistics.refresh_from_db()
    assert statistics.name_ru == "Учёт посещений"

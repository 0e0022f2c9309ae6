"""Dana writes the words of the banner in Wagtail's admin."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from cms_pages.cookies import latest
from cms_pages.models import BannerEdition, CookieBanner
from tests.cms_pages.cookie_desk import (
    banner_url,
    edit_url,
    filled,
    save,
    says,
)
from tests.cms_pages.test_hostile_text import HOSTILE, alive


def test_the_menu_leads_straight_to_the_words(editor_client, asked):
    assert editor_client.get(reverse("cookie_banner:list")).url == banner_url()


def test_words_are_changed_and_sealed(editor_client, asked):
    response = save(editor_client, banner_url(), heading_ru="Можно посчитать?")
    assert "Редакция 2" in says(response) and "Никого не спрашиваем заново" in says(response)
    assert latest()["content"]["heading"] == "Можно посчитать?"


def test_a_banner_is_sixty_words_at_the_most_in_each_language(editor_client, asked):
    response = save(editor_client, banner_url(), heading_kk="Бір екі", text_kk="сөз " * 59)
    assert "61" in str(response.context["form"].errors["text_kk"])
    assert "text_ru" not in response.context["form"].errors
    assert BannerEdition.objects.count() == 3


def test_sixty_words_and_a_dash_are_allowed(editor_client, asked):
    save(editor_client, banner_url(), heading_kk="Бір екі", text_kk="сөз — " + "сөз " * 57)
    assert latest("kk")["number"] == 2


def test_there_is_one_banner_which_nobody_deletes(admin_client, asked):
    assert admin_client.get(reverse("cookie_banner:add")).status_code == 302
    assert admin_client.post(banner_url("delete")).status_code == 302
    bulk = "/admin/bulk/cms_pages/cookiebanner/delete/"
    admin_client.post(f"{bulk}?id={CookieBanner.objects.get().pk}")
    assert CookieBanner.objects.count() == 1


def test_where_there_is_none_it_is_added(editor_client, site_ru):
    assert editor_client.get(reverse("cookie_banner:list")).url == reverse("cookie_banner:add")
    words = {f"{name}_{code}": "Слова" for name in ("heading", "text") for code in ("ru", "kk", "en")}
    editor_client.post(reverse("cookie_banner:add"), words)
    assert latest()["content"]["heading"] == "Слова"


@pytest.mark.parametrize(("language", "word"), [("ru", "Принять"), ("kk", "Қабылдау"), ("en", "Accept")])
def test_the_preview_shows_unsaved_words_in_each_language(editor_client, asked, language, word):
    url = banner_url("preview_on_edit")
    data = {**filled(editor_client, banner_url()), f"heading_{language}": "Unsaved words?"}
    assert editor_client.post(url, data).json() == {"is_valid": True, "is_available": True}
    shown = editor_client.get(url, {"mode": language, "in_preview_panel": "true"})
    assert "Unsaved words?" in shown.text and word in shown.text
    assert f'lang="{language}"' in shown.text
    assert "frame-ancestors 'self'" in shown.headers["Content-Security-Policy"]
    assert "Unsaved words?" not in latest(language)["content"]["heading"]
    assert BannerEdition.objects.count() == 3


@pytest.mark.parametrize("text", HOSTILE)
def test_s05_hostile_words_are_inert_on_pages_and_in_the_admin(editor_client, visitor, statistics, text):
    words = {f"{name}_{code}": text for name in ("name", "description") for code in ("ru", "kk", "en")}
    purposes = {f"declarations-0-purpose_{code}": text for code in ("ru", "kk", "en")}
    response = save(editor_client, edit_url(statistics), **words, **purposes, **{"declarations-0-owner": text})
    banner = {f"{name}_{code}": text for name in ("heading", "text") for code in ("ru", "kk", "en")}
    told = save(editor_client, banner_url(), **banner)
    edition = BannerEdition.objects.filter(language="ru").first()
    assert edition.number == 3
    own = [
        f"/admin/cookies/groups/inspect/{statistics.pk}/",
        edit_url(statistics),
        reverse("cookie_groups:delete", args=(statistics.pk,)),
        reverse("banner_editions:inspect", args=(edition.pk,)),
        banner_url(),
        banner_url("preview_on_edit"),
        "/admin/reports/site-history/",
    ]
    shown = [response, told, *(editor_client.get(url) for url in own)]
    shown += [visitor.get(url) for url in ("/ru/", "/ru/cookies/", "/cookies/state.css")]
    for page in shown:
        assert page.status_code == 200
        assert ours(page.text) == [], page.request["PATH_INFO"]


def ours(html):
    """What would run and bears the corpus's mark; Wagtail's own inline data and icons are not meant."""
    return [found for found in alive(re.sub(r"<svg (?:class|aria)[^>]*>", "", html)) if found.startswith("on")] + (
        ["script"] if "<script>alert(1)" in html else []
    )

"""What visitors are asked, sealed; the banner and the cookies page, the same for everybody."""

from __future__ import annotations

import pytest
import time_machine
from django.db import OperationalError, connection
from django.test import Client
from django.utils.dateparse import parse_datetime

from cabinet.audit.append_only import AppendOnlyError
from cms_pages import cookie_views
from cms_pages.cookies import latest, seal_banner
from cms_pages.models import BannerEdition, CookieBanner, CookieDeclaration, CookieGroup, PublicVersion
from cms_pages.starter.cookies import load_cookies
from tests.cms_pages.test_hostile_text import HOSTILE

PURPOSES = {"purpose_ru": "Цель", "purpose_kk": "Мақсат", "purpose_en": "Purpose"}


@pytest.fixture
def asked(site_ru):
    load_cookies(optional=True)


@pytest.fixture
def statistics(asked):
    return CookieGroup.objects.get(varname="statistics")


def version():
    return latest()["content"]["asked"]


# Sealing ------------------------------------------------------------------------------------------------------------


def test_the_question_is_sealed_in_every_language(asked):
    assert list(BannerEdition.objects.order_by("language").values_list("language", "number")) == [
        ("en", 1),
        ("kk", 1),
        ("ru", 1),
    ]
    assert len(set(BannerEdition.objects.values_list("sha256", flat=True))) == 3


def test_loading_twice_changes_nothing(asked):
    load_cookies(optional=True)
    assert CookieGroup.objects.count() == 2 and BannerEdition.objects.count() == 3


def test_saving_without_a_change_seals_nothing(asked):
    assert seal_banner() is None
    assert BannerEdition.objects.count() == 3


def test_an_edition_of_the_banner_cannot_be_changed(asked):
    edition = BannerEdition.objects.first()
    with pytest.raises(AppendOnlyError):
        edition.save()
    with pytest.raises(AppendOnlyError):
        BannerEdition.objects.all().delete()


def test_sealing_reaches_public_pages(statistics, dana):
    before = PublicVersion.now()
    CookieBanner.objects.update(heading_ru="Иначе")
    assert seal_banner(author=dana) == 2
    assert PublicVersion.now()[0] > before[0]
    assert BannerEdition.objects.filter(number=2, author=dana).count() == 3


# Asking again -------------------------------------------------------------------------------------------------------


def test_a_typo_asks_nobody_again(statistics):
    before = version()
    statistics.description_ru += " Опечатка исправлена."
    statistics.save()
    CookieBanner.objects.update(text_ru="Иначе сказано.")
    assert seal_banner() == 2
    assert version() == before


def wider_cookie(group):
    CookieDeclaration.objects.create(group=group, name="more", **PURPOSES)


def wider_host(group):
    CookieGroup.objects.filter(pk=group.pk).update(hosts="www.openstreetmap.org")


def wider_script(group):
    CookieGroup.objects.filter(pk=group.pk).update(script="/static/js/optional/other.js")


def wider_owner(group):
    CookieDeclaration.objects.filter(group=group).update(owner="Somebody LLC")


def wider_lifetime(group):
    CookieDeclaration.objects.filter(group=group).update(lasts=31)


def wider_name(group):
    CookieDeclaration.objects.filter(group=group).update(name="visits")


@pytest.mark.parametrize("widen", [wider_cookie, wider_host, wider_script, wider_owner, wider_lifetime, wider_name])
def test_what_asks_for_more_asks_everybody_again(statistics, widen):
    before = version()
    widen(statistics)
    assert seal_banner() == 2
    assert version() > before
    assert latest("ru")["content"]["newest"] == "Статистика посещений"


def test_an_editor_can_say_that_a_purpose_became_wider(statistics):
    before = version()
    assert seal_banner(ask_again="statistics") == 2
    assert version() > before


def narrower_lifetime(group):
    CookieDeclaration.objects.filter(group=group).update(lasts=10)


def narrower_script(group):
    CookieGroup.objects.filter(pk=group.pk).update(script="")


@pytest.mark.parametrize("narrow", [narrower_lifetime, narrower_script])
def test_what_asks_for_less_asks_nobody_again(statistics, narrow):
    before = version()
    narrow(statistics)
    assert seal_banner() == 2
    assert version() == before


def test_a_new_group_asks_again_and_leaves_the_others_as_they_were(statistics):
    before = version()
    group = CookieGroup.objects.create(varname="media", name_ru="Карты", name_kk="Карталар", name_en="Maps")
    CookieDeclaration.objects.create(group=group, name="map", **PURPOSES)
    seal_banner()
    groups = {one["varname"]: one["version"] for one in latest()["content"]["groups"]}
    assert groups["statistics"] == before < groups["media"] == version()


def test_what_was_necessary_and_becomes_a_choice_is_asked_about(asked):
    CookieGroup.objects.filter(varname="necessary").update(is_required=False)
    seal_banner()
    assert latest()["content"]["newest"].startswith("Необходимые")


def test_a_clock_set_back_still_asks_again(statistics):
    before = version()
    with time_machine.travel("2020-01-01T00:00:00Z"):
        wider_cookie(statistics)
        seal_banner()
    assert parse_datetime(version()) > parse_datetime(before)


def test_without_an_optional_group_there_is_no_banner(site_ru, visitor):
    load_cookies(optional=False)
    page = visitor.get("/ru/").text
    assert 'id="cookie_banner"' not in page and "data-asked" not in page and "<noscript>" not in page
    assert "/ru/cookies/" in page
    assert "решать нечего" in visitor.get("/ru/cookies/").text


def test_a_group_without_cookies_is_not_asked_about(site_ru):
    load_cookies(optional=False)
    CookieGroup.objects.create(varname="empty", name_ru="Пусто", name_kk="Бос", name_en="Empty")
    seal_banner()
    assert version() == ""


# The banner ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_the_banner_stands_first_on_a_public_page(asked, visitor, language):
    page = visitor.get(f"/{language}/").text
    body = page[page.index("<body>") + len("<body>") :].lstrip()
    assert body.startswith('<section class="cookies"')
    assert body.index("<h2") < body.index('value="accept"') < body.index('value="reject"') < body.index('/cookies/"')
    assert "checked" not in body


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_the_starters_banner_has_at_most_sixty_words(asked, language):
    content = latest(language)["content"]
    assert len(f"{content['heading']} {content['text']}".split()) <= 60


def test_the_banner_costs_a_page_no_query(asked, visitor, make_document, publish, django_assert_num_queries):
    publish(make_document())
    visitor.get("/ru/privacy/")
    with django_assert_num_queries(2):
        visitor.get("/ru/privacy/")


@pytest.mark.parametrize("path", ["/ru/accounts/login/", "/ru/no-such-page/", "/ru/cookies/receipts/"])
def test_private_pages_and_errors_ask_nothing_and_lead_to_the_choice(asked, visitor, path):
    page = visitor.get(path).text
    assert 'id="cookie_banner"' not in page and "data-cookie-group" not in page
    assert 'href="/ru/cookies/"' in page


def test_nothing_optional_ever_stands_in_the_admin(asked, editor_client):
    page = editor_client.get("/admin/").text
    assert "data-cookie-group" not in page and "visits.js" not in page


def test_optional_scripts_wait_as_plain_text(asked, visitor):
    page = visitor.get("/ru/").text
    assert '<script type="text/plain" data-cookie-group="statistics" data-src="/static/js/optional/visits.js">' in page
    assert ' src="/static/js/optional/visits.js"' not in page


def test_the_cookies_page_tells_everything_that_is_asked(asked, visitor):
    page = visitor.get("/kk/cookies/").text
    for words in ("Қаралым статистикасы", "visit", "30 минут", "осы сайт", "cookie_consent", "12 ай"):
        assert words in page
    assert page.count("<table") == 2


@pytest.mark.parametrize("hostile", HOSTILE)
def test_s05_hostile_words_of_a_group_stay_words(statistics, visitor, hostile):
    CookieGroup.objects.update(name_ru=hostile[:60], description_ru=hostile[:400])
    CookieDeclaration.objects.update(purpose_ru=hostile[:250], owner=hostile[:100])
    CookieBanner.objects.update(heading_ru=hostile[:80], text_ru=hostile[:500])
    seal_banner()
    for path in ("/ru/", "/ru/cookies/"):
        page = visitor.get(path).text
        assert "<" not in hostile or hostile not in page


# Without JavaScript -------------------------------------------------------------------------------------------------


def css(client, **headers):
    answer = client.get("/cookies/state.css", headers=headers)
    assert answer.headers["Content-Type"] == "text/css; charset=utf-8"
    assert answer.headers["Cache-Control"] == "private, no-store"
    return answer.text


def answered(groups, asked=None, **more):
    client = Client()
    said = {**groups, "asked": asked or version(), "receipt": "ABCD-EFGH-IJKL-MNOP", **more}
    client.cookies["cookie_consent"] = "|".join(f"{name}={value}" for name, value in said.items())
    return client


def test_a_new_visitor_is_told_nothing(asked, visitor):
    assert css(visitor).strip() == ""


def test_an_answered_banner_is_hidden(asked):
    style = css(answered({"statistics": version()}))
    assert ".cookies:not(:has(:target)) { display: none; }" in style
    assert '.is-allowed[data-group="statistics"]' in style and "ABCD-EFGH-IJKL-MNOP" in style


def test_a_refused_group_is_told_so(asked):
    assert '.is-refused[data-group="statistics"]' in css(answered({"statistics": "-1"}))


def test_a_wider_question_shows_why_it_is_asked_again(statistics):
    client = answered({"statistics": version()})
    wider_cookie(statistics)
    seal_banner()
    style = css(client)
    assert ".cookies__again { display: block; }" in style and '.is-refused[data-group="statistics"]' in style


def test_a_refusal_is_asked_again_like_a_consent(statistics):
    client = answered({"statistics": "-1"})
    wider_cookie(statistics)
    seal_banner()
    assert ".cookies__again" in css(client)


def test_the_browsers_signal_is_said(asked, visitor):
    assert "p.cookies__gpc { display: block; }" in css(visitor, **{"Sec-GPC": "1"})


def test_the_signal_overrules_an_earlier_consent_and_not_a_later_one(asked):
    earlier = css(answered({"statistics": version()}), **{"Sec-GPC": "1"})
    assert "cookies__gpc" in earlier and '.is-refused[data-group="statistics"]' in earlier
    later = css(answered({"statistics": version()}, gpc="1"), **{"Sec-GPC": "1"})
    assert "cookies__gpc" not in later and '.is-allowed[data-group="statistics"]' in later


def test_a_refusal_needs_no_word_about_the_signal(asked):
    assert ".cookies:not(:has(:target))" in css(answered({"statistics": "-1"}), **{"Sec-GPC": "1"})


@pytest.mark.parametrize("receipt", ['"}body{display:none}', "</style>", "\\22", "x" * 50])
def test_s05_a_forged_cookie_cannot_write_rules(asked, receipt):
    client = answered({"statistics": "-1"})
    client.cookies["cookie_consent"] = f"statistics=-1|asked={version()}|receipt={receipt}"
    style = css(client)
    assert "body{" not in style and "content:" not in style


def test_s23_with_the_database_away_the_banner_asks_on(asked, monkeypatch):
    client = answered({"statistics": version()})

    def fail(*args):
        raise OperationalError

    monkeypatch.setattr(cookie_views, "latest", fail)
    assert css(client).strip() == ""


def test_versions_read_alike_on_both_databases(asked):
    assert connection.vendor in {"sqlite", "postgresql"}
    assert parse_datetime(version()).utcoffset().total_seconds() == 0
    assert latest()["content"]["versions"] == f"statistics={version()}"

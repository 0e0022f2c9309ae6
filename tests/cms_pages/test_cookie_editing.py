"""Dana keeps the cookie groups in Wagtail's admin, and reads what saving came to."""

from __future__ import annotations

import pytest
from django.urls import reverse

from cabinet.consents.models import CookieReceipt
from cms_pages.cookies import latest
from cms_pages.models import BannerEdition, CookieDeclaration, CookieGroup
from tests.cms_pages.cookie_desk import (
    ADD,
    COOKIE,
    MAP,
    PURPOSE,
    edit_url,
    filled,
    new_group,
    rows,
    save,
    says,
    version,
)


def test_dana_finds_cookies_in_the_menu(editor_client, asked):
    assert "/admin/cookies/groups/" in editor_client.get("/admin/").text
    assert editor_client.get("/admin/cookies/groups/").status_code == 200


def test_dana_adds_a_group_and_is_told_what_that_came_to(editor_client, asked, dana):
    response = editor_client.post(ADD, new_group(), follow=True)
    assert "Редакция 2" in says(response) and "Карта" in says(response)
    assert [one.name for one in CookieGroup.objects.get(varname="map").declarations.all()] == ["map_seen"]
    assert BannerEdition.objects.filter(number=2, author=dana).count() == 3


def test_a_new_group_comes_last(editor_client, asked):
    editor_client.post(ADD, new_group())
    assert [group["varname"] for group in latest()["content"]["groups"]] == ["necessary", "statistics", "map"]


def test_a_typo_asks_nobody_again_and_dana_reads_so(editor_client, statistics):
    before = version()
    response = save(editor_client, edit_url(statistics), description_ru="Сколько страниц смотрят.")
    assert "Никого не спрашиваем заново" in says(response)
    assert version() == before


def test_dana_can_say_that_a_purpose_became_wider(editor_client, statistics):
    before = version()
    response = save(editor_client, edit_url(statistics), ask_again="on")
    assert "цель стала шире" in says(response)
    assert version() > before


def test_the_box_is_not_ticked_when_the_group_is_opened_again(editor_client, statistics):
    save(editor_client, edit_url(statistics), ask_again="on")
    assert "ask_again" not in filled(editor_client, edit_url(statistics))


def test_saving_without_a_change_seals_nothing(editor_client, statistics):
    response = save(editor_client, edit_url(statistics))
    assert "Ни одно слово не изменилось" in says(response)
    assert BannerEdition.objects.count() == 3


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"declarations-0-lasts": 31}, "дольше"),
        ({"declarations-0-owner": "Somebody LLC"}, "кто-то другой"),
        ({"declarations-0-name": "visits"}, "visits"),
        ({"hosts": "www.openstreetmap.org"}, "www.openstreetmap.org"),
        ({"script": "/static/js/optional/other.js"}, "other.js"),
    ],
)
def test_what_asks_for_more_asks_again_and_dana_reads_why(editor_client, statistics, change, reason):
    before = version()
    assert reason in says(save(editor_client, edit_url(statistics), **change))
    assert version() > before


def test_a_second_cookie_is_added_below_the_first(editor_client, statistics):
    more = {**COOKIE, **PURPOSE, "name": "more"}
    row = {f"declarations-1-{name}": value for name, value in more.items()}
    save(editor_client, edit_url(statistics), **{"declarations-TOTAL_FORMS": 2}, **row)
    assert [one["name"] for one in latest()["content"]["groups"][1]["cookies"]] == ["visit", "more"]
    form = editor_client.get(edit_url(statistics)).context["form"]
    assert [row.instance.name for row in form.formsets["declarations"].forms] == ["visit", "more"]


def test_a_cookie_is_taken_out(editor_client, statistics):
    CookieDeclaration.objects.create(group=statistics, name="more", **PURPOSE)
    save(editor_client, edit_url(statistics), **{"declarations-1-DELETE": "on"})
    assert [one.name for one in statistics.declarations.all()] == ["visit"]
    assert statistics.cookie_set.count() == 1


def test_a_row_written_anew_asks_nobody_again(editor_client, statistics):
    before = version()
    anew = {f"declarations-1-{name}": value for name, value in (COOKIE | PURPOSE).items()}
    changes = {"declarations-0-DELETE": "on", "declarations-TOTAL_FORMS": 2}
    response = save(editor_client, edit_url(statistics), **changes, **anew)
    assert "Никого не спрашиваем заново" in says(response)
    assert version() == before


def test_the_varname_stays_what_the_answers_of_visitors_hold(editor_client, statistics):
    save(editor_client, edit_url(statistics), varname="other")
    statistics.refresh_from_db()
    assert statistics.varname == "statistics"


def test_a_necessary_group_may_be_without_cookies(editor_client, asked):
    editor_client.post(ADD, {**MAP, "is_required": "on", "hosts": "", **rows()})
    assert CookieGroup.objects.get(varname="map").is_required


def test_what_becomes_a_choice_is_asked_about(editor_client, asked):
    necessary = CookieGroup.objects.get(varname="necessary")
    before = version()
    response = save(editor_client, edit_url(necessary), is_required="")
    assert "ещё не спрашивали" in says(response)
    assert version() > before


def test_what_becomes_necessary_is_asked_no_more(editor_client, statistics):
    save(editor_client, edit_url(statistics), is_required="on", script="")
    assert latest()["content"]["asked"] == ""


def test_groups_are_put_in_another_order_for_visitors_too(editor_client, statistics):
    url = reverse("cookie_groups:reorder", args=(statistics.pk,))
    assert editor_client.post(f"{url}?position=0").status_code == 200
    assert [group["varname"] for group in latest()["content"]["groups"]] == ["statistics", "necessary"]


def test_a_deleted_group_leaves_receipts_and_editions_as_they_were(editor_client, visitor, statistics):
    data = {"banner": 1, "language": "ru", "choice": "accept"}
    visitor.post("/cookies/choice/", data, headers={"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"})
    before = CookieReceipt.objects.values().get()
    response = editor_client.post(reverse("cookie_groups:delete", args=(statistics.pk,)), follow=True)
    assert "Редакция 2" in says(response)
    assert CookieReceipt.objects.values().get() == before
    assert visitor.get(f"/ru/cookies/receipts/{before['public_id']}/").status_code == 200
    assert latest()["content"]["asked"] == ""
    assert [group["varname"] for group in BannerEdition.objects.filter(number=1)[0].content["groups"]][
        1
    ] == "statistics"


def test_an_officer_reads_and_changes_nothing(officer_client, statistics):
    page = officer_client.get(reverse("cookie_groups:inspect", args=(statistics.pk,)))
    assert "visit" in page.text and "Число страниц" in page.text
    assert officer_client.post(edit_url(statistics), {}).status_code == 302
    assert officer_client.get(reverse("cookie_banner:list")).status_code == 200
    assert CookieGroup.objects.filter(pk=statistics.pk).exists()


# The table that documents have published -----------------------------------------------------------------------------


@pytest.fixture
def cookie_policy(asked, make_document, publish):
    """A published document with the table of cookies in it."""
    page = make_document(slug="cookie-policy")
    page.body = [
        {
            "type": "section",
            "value": {"heading": "1", "link_name": "", "clauses": [{"type": "cookie_table", "value": None}]},
        }
    ]
    page.save_revision()
    publish(page)
    return page


def test_dana_is_told_that_a_published_table_is_behind_and_where_to_mend_it(editor_client, cookie_policy, statistics):
    told = says(save(editor_client, edit_url(statistics), **{"declarations-0-lasts": 31}))
    assert "cookie-policy (ru)" in told and f"/admin/pages/{cookie_policy.pk}/edit/" in told


def test_a_new_and_a_deleted_group_make_it_behind_too(editor_client, cookie_policy, statistics):
    assert "cookie-policy (ru)" in says(editor_client.post(ADD, new_group(), follow=True))
    delete = reverse("cookie_groups:delete", args=(statistics.pk,))
    assert "cookie-policy (ru)" in says(editor_client.post(delete, follow=True))


def test_a_table_that_says_what_is_declared_is_not_told(editor_client, cookie_policy, statistics, publish):
    assert "cookie-policy (ru)" not in says(save(editor_client, edit_url(statistics), ask_again="on"))
    save(editor_client, edit_url(statistics), **{"declarations-0-lasts": 31})
    publish(cookie_policy, change_summary="The table is new.")
    assert "cookie-policy (ru)" not in says(save(editor_client, edit_url(statistics)))


def test_documents_without_a_table_are_never_behind(editor_client, statistics, make_document, publish):
    publish(make_document(slug="cookie-policy"))
    assert "cookie-policy" not in says(save(editor_client, edit_url(statistics), **{"declarations-0-lasts": 31}))

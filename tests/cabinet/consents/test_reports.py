"""How many said what: counted by day and group for editors and officers; single receipts for officers alone."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from cabinet.consents.charts import MOST_BARS, chart
from cabinet.consents.counting import Answers, Period, answers_by_day, in_all
from cabinet.consents.models import CookieReceipt
from cms_pages.cookies import seal_banner
from cms_pages.models import BannerEdition, CookieDeclaration, CookieGroup
from tests.cms_pages.test_hostile_text import HOSTILE

REPORT, LIST = "/admin/reports/cookie-choices/", "/admin/cookies/receipts/"
NOON = datetime(2026, 11, 20, 7, tzinfo=UTC)  # in Almaty
PURPOSES = {"purpose_ru": "Цель", "purpose_kk": "Мақсат", "purpose_en": "Purpose"}


@pytest.fixture
def receipt(asked):
    """Return a function that stores a receipt of some moment."""

    def make(at=NOON, method="banner", language="ru", **choices):
        banner = BannerEdition.objects.filter(language=language).first()
        return CookieReceipt.objects.create(
            made_at=at,
            banner=banner,
            banner_sha256=banner.sha256,
            choices=choices or {"statistics": True},
            method=method,
            language=language,
            gpc=method == "gpc",
        )

    return make


@pytest.fixture
def three(receipt):
    """Two who allow and one who refuses, on one day."""
    return [receipt(statistics=True), receipt(statistics=True), receipt(statistics=False)]


@pytest.fixture
def november():
    with time_machine.travel(datetime(2026, 11, 25, 12, tzinfo=UTC), tick=True):
        yield Period.of(None, None)


# Counting -----------------------------------------------------------------------------------------------------------


def test_answers_are_counted_by_day_and_group(november, three):
    (row,) = answers_by_day(november)
    assert (row.day, row.varname, row.allowed, row.refused, row.share) == (
        date(2026, 11, 20),
        "statistics",
        2,
        1,
        0.6667,
    )


def test_a_day_is_the_shops_whatever_zone_the_reader_has_chosen(november, receipt):
    receipt(at=datetime(2026, 11, 20, 18, 59, tzinfo=UTC))  # 23:59 in Almaty
    receipt(at=datetime(2026, 11, 20, 19, 0, tzinfo=UTC))
    with timezone.override(ZoneInfo("UTC")):
        assert [row.day for row in answers_by_day(november)] == [date(2026, 11, 21), date(2026, 11, 20)]


def test_thirty_days_are_shown_when_nobody_asks_for_others(november, receipt):
    assert (november.first, november.last, november.days) == (date(2026, 10, 27), date(2026, 11, 25), 30)
    receipt(at=datetime(2026, 10, 26, 18, 59, tzinfo=UTC))
    assert answers_by_day(november) == []


@pytest.mark.parametrize("days", [(date.min, date.max), (date.max, date.min), (date(2026, 12, 1), date(2026, 11, 1))])
def test_no_period_is_too_odd_to_count(november, three, days):
    period = Period.of(*days)
    assert period.days >= 1
    answers_by_day(period)


def test_a_group_that_is_gone_keeps_its_numbers_and_its_name(november, three):
    CookieGroup.objects.get(varname="statistics").delete()
    seal_banner()
    assert [(row.name, row.total) for row in answers_by_day(november)] == [("Статистика посещений", 3)]


@pytest.mark.parametrize("varname", ["a__b", "123", "contains", "isnull", "a-b", "-", "_"])
def test_a_group_may_be_called_anything_that_the_answer_can_hold(november, receipt, varname):
    names = {f"{word}_{code}": "Имя" for word in ("name", "description") for code in ("ru", "kk", "en")}
    group = CookieGroup.objects.create(varname=varname, **names)
    CookieDeclaration.objects.create(group=group, name="one", **PURPOSES)
    seal_banner()
    receipt(statistics=False, **{varname: True})
    counted = {row.varname: (row.allowed, row.refused) for row in answers_by_day(november)}
    assert counted == {"statistics": (0, 1), varname: (1, 0)}


def test_a_receipt_from_before_a_group_says_nothing_about_it(november, three):
    names = {f"{word}_{code}": "Карта" for word in ("name", "description") for code in ("ru", "kk", "en")}
    CookieDeclaration.objects.create(group=CookieGroup.objects.create(varname="map", **names), name="m", **PURPOSES)
    seal_banner()
    assert [row.varname for row in answers_by_day(november)] == ["statistics"]


@pytest.mark.parametrize("count", [1, 40])
def test_two_queries_count_however_many_receipts(november, receipt, django_assert_num_queries, count):
    for index in range(count):
        receipt(at=datetime(2026, 11, 1 + index % 20, 7, tzinfo=UTC), statistics=bool(index % 3))
    with django_assert_num_queries(2):
        rows = answers_by_day(november)
    assert sum(row.total for row in rows) == count


# Charts -------------------------------------------------------------------------------------------------------------


def test_the_highest_bar_is_as_high_as_the_drawing(november, three, receipt):
    receipt(at=datetime(2026, 11, 21, 7, tzinfo=UTC), statistics=False)
    rows = answers_by_day(november)
    drawn = chart(in_all(rows)[0], rows, november)
    assert [(bar.x, bar.allowed, bar.refused, bar.highest) for bar in drawn.bars] == [
        (250, 0, 333, 667),
        (240, 667, 333, 0),
    ][::-1]
    assert (drawn.most, drawn.width) == (3, 300)


def test_a_long_time_is_drawn_in_few_bars():
    period = Period(date(2020, 1, 1), date(2026, 12, 31))
    days = [Answers("a", "A", 1, 0, day) for day in (period.first, period.last)]
    drawn = chart(Answers("a", "A", 2, 0), days, period)
    assert drawn.width <= MOST_BARS * 10 and drawn.days_a_bar == 28
    assert drawn.bars[0].x == 0 and drawn.bars[-1].x < drawn.width


# The report ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("client", ["editor_client", "officer_client"])
def test_editors_and_officers_find_the_report(request, november, three, client):
    client = request.getfixturevalue(client)
    assert REPORT in client.get("/admin/").text
    page = client.get(REPORT)
    assert "67\N{NO-BREAK SPACE}%" in page.text and "<svg" in page.text and "Статистика посещений" in page.text


def test_numbers_lead_officers_to_the_receipts_behind_them(november, three, officer_client, editor_client):
    link = f"{LIST}?allowed=statistics&amp;day_from=2026-11-20&amp;day_to=2026-11-20"
    page = officer_client.get(REPORT).text
    assert link in page and LIST not in editor_client.get(REPORT).text
    listed = officer_client.get(link.replace("&amp;", "&"))
    assert {receipt.pk for receipt in listed.context["object_list"]} == {three[0].pk, three[1].pk}


def test_days_are_chosen(november, three, receipt, editor_client):
    receipt(at=datetime(2026, 11, 10, 7, tzinfo=UTC))
    rows = editor_client.get(REPORT, {"day_from": "2026-11-01", "day_to": "2026-11-19"}).context["object_list"]
    assert [row.day for row in rows] == [date(2026, 11, 10)]


@pytest.mark.parametrize("days", [("x", "y"), ("0001-01-01", "9999-12-31"), ("2026-13-45", ""), ("", "\x00")])
def test_odd_days_are_no_failure(november, three, editor_client, days):
    asked = dict(zip(("day_from", "day_to"), days, strict=True))
    for url in (REPORT, f"{REPORT}results/"):
        assert editor_client.get(url, asked).status_code == 200


def test_a_report_without_answers_says_what_to_do(november, asked, editor_client):
    assert "никто не ответил" in editor_client.get(REPORT).text


def test_s06_the_csv_holds_numbers_and_no_formulas(november, three, editor_client):
    names = {f"name_{code}": "=HYPERLINK(1)" for code in ("ru", "kk", "en")}
    CookieGroup.objects.filter(varname="statistics").update(**names)
    seal_banner()
    exported = b"".join(editor_client.get(REPORT, {"export": "csv"}).streaming_content).decode()
    head, row = csv.reader(io.StringIO(exported))
    assert head[0] == "День"
    assert row == ["2026-11-20", "statistics", "'=HYPERLINK(1)", "2", "1", "0.6667"]


def test_s06_the_workbook_says_the_same(november, three, editor_client):
    response = editor_client.get(REPORT, {"export": "xlsx"})
    sheet = load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    assert [cell.value for cell in sheet[2]][1:] == ["statistics", "Статистика посещений", 2, 1, 0.6667]


def test_the_whole_report_is_exported_not_one_page_of_it(november, receipt, editor_client):
    for day in range(1, 61):
        at = datetime(2026, 9 + day // 30, day % 30 + 1, 7, tzinfo=UTC)
        receipt(at=at)
    asked = {"day_from": "2026-08-01", "export": "csv"}
    exported = b"".join(editor_client.get(REPORT, asked).streaming_content).decode()
    assert len(exported.splitlines()) == 61


@pytest.mark.parametrize("text", HOSTILE)
def test_s05_hostile_names_are_inert_in_report_and_list(november, three, officer_client, text):
    CookieGroup.objects.filter(varname="statistics").update(name_ru=text, name_kk=text, name_en=text)
    seal_banner()
    for url in (REPORT, LIST, f"{LIST}inspect/{three[0].pk}/", f"{LIST}?allowed=statistics"):
        page = officer_client.get(url).text
        assert "<script>alert(1)" not in page and "<img src=x" not in page and "<svg/onload" not in page, url


# The list -----------------------------------------------------------------------------------------------------------


def test_an_officer_finds_a_receipt_by_its_number(three, officer_client):
    found = officer_client.get(LIST, {"q": three[1].public_id.lower()}).context["object_list"]
    assert [one.pk for one in found] == [three[1].pk]


def test_the_list_is_narrowed_down(november, three, receipt, officer_client):
    other = receipt(at=datetime(2026, 11, 21, 7, tzinfo=UTC), method="gpc", language="kk", statistics=False)
    for asked in ({"method": "gpc"}, {"language": "kk"}, {"day_from": "2026-11-21", "day_to": "2026-11-21"}):
        assert [one.pk for one in officer_client.get(LIST, asked).context["object_list"]] == [other.pk], asked
    refused = officer_client.get(LIST, {"refused": "statistics"}).context["object_list"]
    assert {one.pk for one in refused} == {other.pk, three[2].pk}


def test_an_unknown_group_in_the_address_is_no_failure(three, officer_client):
    for text in HOSTILE:
        assert officer_client.get(LIST, {"allowed": text}).status_code == 200


def test_a_receipt_shows_what_was_said_in_words(three, officer_client):
    page = officer_client.get(f"{LIST}inspect/{three[2].pk}/").text
    assert "Статистика посещений: Отклонено" in page and three[2].public_id in page


def test_a_receipt_is_neither_added_nor_changed_nor_deleted(three, admin_client):
    for view, args in (("add", ()), ("edit", (three[0].pk,)), ("delete", (three[0].pk,))):
        assert admin_client.post(reverse(f"receipts:{view}", args=args)).status_code in {302, 403}
    assert CookieReceipt.objects.count() == 3


def test_an_editor_sees_numbers_and_no_single_receipt(three, editor_client):
    assert editor_client.get(LIST).status_code != 200
    assert LIST not in editor_client.get("/admin/").text
    assert three[0].public_id not in editor_client.get(REPORT).text


def test_order_staff_and_customers_see_neither(three, order_staff_client, customer_client, lawyer_client):
    for client in (order_staff_client, customer_client, lawyer_client):
        assert client.get(REPORT).status_code != 200 and client.get(LIST).status_code != 200


def test_without_its_permission_the_report_is_closed(three, editor_client, dana):
    dana.groups.get().permissions.remove(*Permission.objects.filter(codename="view_cookiereceipt"))
    assert editor_client.get(REPORT).status_code != 200
    assert REPORT not in editor_client.get("/admin/").text

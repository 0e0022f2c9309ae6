"""The page of bonuses: what it tells, to whom, and that it stays as quick however long the history is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from cabinet.bonuses.models import Kind, Movement
from cabinet.bonuses.rows import order_url
from cabinet.consents.consenting import withdraw
from cabinet.customers.keyset import A_PAGE
from tests.conftest import signed_in

pytestmark = pytest.mark.usefixtures("shop_stands")

PAGE = "/en/cabinet/bonuses/"


@pytest.fixture
def client(site_ru, customer_client):
    return customer_client


def test_the_balance_what_expires_and_each_reason_are_told(client, member, add):
    add(member, "1250", valid=200, reason="For your order", order_number="1042")
    add(member, "-50.50", reason="Paid for part of an order")
    page = client.get(PAGE).text
    assert "1,199.50 bonuses can be used until" in page
    assert "For your order" in page and "1042" in page and "valid until" in page
    assert "+1,250" in page and "−50.50" in page


def test_figures_are_written_as_each_language_writes_them(client, member, add):
    add(member, "1250.50")
    assert "1\xa0250,50" in client.get("/ru/cabinet/bonuses/").text
    assert "1\xa0250,50" in client.get("/kk/cabinet/bonuses/").text


def test_what_came_and_what_went_can_be_seen_apart(client, member, add):
    add(member, "10", reason="Came one")
    add(member, "-5", reason="Went one")
    came, went, else_ = (client.get(PAGE, {"way": way}).text for way in ("came", "went", "x"))
    assert "Came one" in came and "Went one" not in came
    assert "Went one" in went and "Came one" not in went
    assert "Came one" in else_ and "Went one" in else_


def test_long_histories_are_read_a_page_at_a_time(client, member, crowd_of_movements):
    crowd_of_movements(member, A_PAGE + 5)
    first = client.get(PAGE, {"way": "came"})
    second = client.get(f"{PAGE}?{first.context['page'].earlier}")
    assert (len(first.context["rows"]), len(second.context["rows"])) == (A_PAGE, 5)
    assert "way=came" in first.context["page"].earlier
    assert not second.context["page"].earlier


def test_queries_are_constant(client, member, crowd_of_movements, django_assert_max_num_queries):
    crowd_of_movements(member, 3)
    client.get(PAGE)
    for count in (1, 300):
        crowd_of_movements(member, count)
        before = Movement.objects.filter(amount__gt=0).latest("pk").public_id
        with django_assert_max_num_queries(8) as asked:
            client.get(PAGE, {"way": "came", "before": before})
        ours = [query for query in asked.captured_queries if "bonuses_" in query["sql"] or "consents_" in query["sql"]]
        assert len(ours) <= 5


def test_who_has_not_agreed_is_told_so_and_led_to_the_consents(client, aigerim):
    page = client.get(PAGE).text
    assert "You have no bonus account" in page
    assert 'href="/en/cabinet/consents/"' in page


def test_who_withdrew_keeps_what_there_is_and_is_told_so(client, member, add):
    add(member, "10", reason="Came one")
    withdraw(customer=member, purpose="bonuses")
    page = client.get(PAGE).text
    assert "No new bonuses are credited" in page and "Came one" in page


def test_an_empty_account_says_so(client, member):
    assert "Nothing has come or gone yet." in client.get(PAGE).text


def test_a_balance_below_nought_is_explained(client, member, add):
    add(member, "-5")
    page = client.get(PAGE).text
    assert "−5 bonuses" in page and "you owe nothing" in page


def test_the_overview_tells_balance_and_expiry(client, member, add):
    add(member, "1250", valid=200)
    page = client.get("/en/cabinet/").text
    assert page.count("1,250 bonuses") == 2 and PAGE in page


def test_an_order_without_a_page_is_text():
    assert order_url("") == ""


def test_s02_boris_sees_nothing_of_aigerims(site_ru, member, add, boris):
    movement = add(member, "10", reason="Hers")
    his = signed_in(boris)
    assert "Hers" not in his.get(PAGE).text
    assert his.get(PAGE, {"before": movement.public_id}).status_code == 404


def test_s04_nothing_is_taken_from_a_form(client, member, add):
    add(member, "10")
    fields = {"balance": "1000000", "bonus_balance": "1000000", "customer": "1", "amount": "5", "kind": "accrued"}
    assert client.post(PAGE, fields).status_code == 405
    assert client.get(PAGE, fields).context["balance"] == 10


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7*7 }}", "=1+1"])
def test_s05_a_hostile_reason_is_text(client, member, told, text):
    told("accrued", reason=text, order=text[:40])
    page = client.get(PAGE).text
    assert "<script>alert" not in page and "<img src=x" not in page
    assert Movement.objects.get().reason == text


def test_staff_and_visitors_have_no_such_page(site_ru, visitor, editor_client):
    assert visitor.get(PAGE).status_code == 302
    assert editor_client.get(PAGE).status_code == 404


@pytest.fixture
def crowd_of_movements():
    """Return a function that gives a customer a long history, without its balance."""

    def act(customer, count):
        now, there = timezone.now(), Movement.objects.count()
        Movement.objects.bulk_create(
            Movement(
                customer=customer,
                kind=Kind.ACCRUED,
                amount=10,
                reason="For an order",
                order_number="1042",
                occurred_at=now - timedelta(hours=number),
                expires_at=now + timedelta(days=number),
                source="shop",
                event_id=f"crowd_{there + number}",
            )
            for number in range(count)
        )

    return act

"""What a customer sees of their orders, and that nobody else does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cabinet.consents.composing import Composer
from cabinet.customers.linking import link
from cabinet.orders.models import Line, Order, OrderPerson, Refund
from tests.cabinet.orders.conftest import CAVIAR, FISH, hours, order
from tests.cabinet.orders.crowd import many_orders
from tests.conftest import signed_in

LIST = "/ru/cabinet/orders/"
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


def see(user, address=LIST, **query):
    return signed_in(user).get(address, query)


def test_an_order_shows_goods_sums_and_to_whom_it_goes(hers, linked):
    page = see(linked, f"{LIST}1001/")
    for told in (
        CAVIAR["name"],
        "CAV-50",
        "24\xa0500\xa0₸",
        "0,35",
        "3\xa0465\xa0₸",
        "53\xa0500\xa0₸",
        "Abai, 10",
        "+7 701 123 4567",
    ):
        assert told in page.text, told


def test_an_order_shows_its_course_and_until_when_one_may_object(tell, hers, linked):
    tell("order.delivered", {}, at=timezone.now())
    page = see(linked, f"{LIST}1001/")
    assert [(each.at, each.is_now) for each in page.context["course"]][-1][1]
    assert page.context["may_object"]


def test_refunds_are_told_by_their_state_alone(hers, linked):
    Refund.objects.create(order=hers, amount=100, reason="SECRETREASON", state=Refund.State.PAID)
    page = see(linked, f"{LIST}1001/")
    assert "100\xa0₸" in page.text and "SECRETREASON" not in page.text


def test_the_consent_it_rests_on_is_a_link(tell, linked, shop):
    tell(
        "order.placed",
        order(customer={"id": "C-17"}, consent={"given": True, "text_sha256": Composer("ru").one("order").sha256}),
    )
    receipt = Order.objects.get().consent
    page = see(linked, f"{LIST}1001/")
    assert f"/ru/cabinet/consents/{receipt.public_id}/" in page.text
    assert see(linked, page.context["consent_url"]).status_code == 200


def test_s02_boris_cannot_open_aigerims_order(hers, boris):
    assert see(boris, f"{LIST}1001/").status_code == 404
    assert "1001" not in see(boris).text
    assert see(boris, LIST, before=hers.public_id).status_code == 404


def test_s02_a_visitor_is_asked_to_sign_in(hers, visitor):
    assert visitor.get(f"{LIST}1001/").status_code == 302


@pytest.mark.parametrize("address", ["9", "~", "1001~till", "1001%00", "1001~%00", "%2e%2e", "x" * 300, "<b>"])
def test_an_address_of_no_order_is_not_found(hers, linked, address):
    assert see(linked, f"{LIST}{address}/").status_code == 404


def test_two_orders_of_one_number_have_two_addresses(tell, hers, linked):
    link(source="till", external_id="C-17", customer=linked.customer)
    tell(
        "order.placed", order(customer={"id": "C-17"}, total="54500", delivery_cost="2500"), source="till", at=hours(2)
    )
    urls = [row.url for row in see(linked).context["rows"]]
    assert urls == [f"{LIST}1001~till/", f"{LIST}1001/"]
    assert [see(linked, url).context["total"] for url in urls] == ["54\xa0500\xa0₸", "53\xa0500\xa0₸"]


def test_s05_hostile_text_is_inert(tell, linked):
    told = {"customer": {"id": "C-17"}, "contact": {"name": HOSTILE}, "note": HOSTILE, "address": {"street": HOSTILE}}
    tell(
        "order.placed",
        order(**told, lines=[CAVIAR | {"name": HOSTILE, "product_class": "x"}, FISH | {"sku": HOSTILE[:50]}]),
    )
    for address in (LIST, f"{LIST}1001/", "/ru/cabinet/data/", "/ru/cabinet/"):
        page = see(linked, address)
        assert page.status_code == 200
        assert "<script>alert" not in page.text and "<img src=x" not in page.text, address


def test_the_list_can_be_narrowed_to_a_status_and_a_period(tell, hers, linked):
    for count, status in enumerate(("shipped", "delivered", "cancelled"), start=2):
        number = str(1000 + count)
        tell("order.placed", order(number=number, customer={"id": "C-17"}), at=timezone.now() - timedelta(days=count))
        tell("order.status_changed", {"number": number, "status": status}, at=timezone.now())

    def numbers(**query):
        return [row.order.number for row in see(linked, LIST, **query).context["rows"]]

    assert numbers() == ["1002", "1003", "1004", "1001"]
    assert numbers(status="open") == ["1002", "1001"]
    assert numbers(status="delivered") == ["1003"]
    assert numbers(period="30", status="cancelled") == ["1004"]
    assert numbers(period="2026", status="placed") == ["1001"]
    assert numbers(status="delivered", period="2019") == ["1003"]  # no such choice filters nothing
    assert len(numbers(status="nonsense")) == 4


def test_an_empty_list_says_what_to_expect(linked):
    page = see(linked)
    assert not page.context["rows"] and "cabinet__lead" in page.text


def test_pages_lead_to_earlier_orders_and_keep_the_filter(linked):
    many_orders(linked.customer, 60)
    first = see(linked, LIST, status="delivered")
    second = see(linked, f"{LIST}?{first.context['page'].earlier}")
    seen = [row.order.number for page in (first, second) for row in page.context["rows"]]
    assert len(set(seen)) == len(seen) == 50
    assert "status=delivered" in second.context["page"].earlier


def test_the_overview_tells_of_the_latest(hers, linked):
    page = see(linked, "/ru/cabinet/")
    assert "1001" in page.text


def test_my_data_shows_the_order_and_leads_to_it(hers, linked):
    page = see(linked, "/ru/cabinet/data/")
    assert "Abai, 10" in page.text and f'href="{LIST}"' in page.text


# p9 ------------------------------------------------------------------------------------------------------------------


def queries(user, address):
    client = signed_in(user)
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return asked.captured_queries


PAGES = (LIST, f"{LIST}?status=delivered", f"{LIST}?period=30", f"{LIST}?status=open", f"{LIST}M-1/", "/ru/cabinet/")


@pytest.mark.parametrize("address", [*PAGES, "/ru/cabinet/data/"])
def test_p9_a_page_asks_as_much_with_many_orders_as_with_few(linked, address):
    many_orders(linked.customer, 30)
    few = len(queries(linked, address))
    many_orders(linked.customer, 300, begin=1000)
    assert len(queries(linked, address)) == few


def test_p9_the_list_asks_little(linked):
    many_orders(linked.customer, 30)
    asked = [each["sql"] for each in queries(linked, LIST)]
    assert len([sql for sql in asked if "orders_" in sql]) <= 3, asked


def test_p9_the_list_is_read_by_its_index_and_without_counting_off(linked):
    many_orders(linked.customer, 300)
    page = see(linked)
    sql = [each["sql"] for each in queries(linked, f"{LIST}?{page.context['page'].earlier}")]
    assert not any("OFFSET" in each for each in sql)


def test_the_fixture_makes_whole_orders(linked):
    many_orders(linked.customer, 3)
    assert (Order.objects.count(), Line.objects.count(), OrderPerson.objects.count()) == (3, 6, 3)


def test_p9_my_data_shows_ten_of_a_kind_and_says_how_many_more(linked):
    many_orders(linked.customer, 25)
    page = see(linked, "/ru/cabinet/data/")
    kept = {each.category.key: each for each in page.context["kept"]}
    assert (len(kept["orders.people"].rows), kept["orders.people"].others) == (10, 15)
    assert (len(kept["orders.orders"].rows), kept["orders.orders"].count) == (30, 25 + 50 + 25)
    assert kept["orders.orders"].rows[0].lines[0].value == "M-0"


def test_an_address_that_an_open_order_uses_stays_in_it(tell, hers, linked):
    used = linked.customer.addresses.create(city="Almaty", street="Abai, 10", apartment="14")
    other = linked.customer.addresses.create(city="Almaty", street="Abai, 11")

    def told_on_removing(address):
        client = signed_in(linked)
        page = client.post(f"/ru/cabinet/addresses/{address.public_id}/remove/", follow=True)
        return [str(message) for message in page.context["messages"]]

    assert "1001" in told_on_removing(used)[0]
    assert told_on_removing(other) == []

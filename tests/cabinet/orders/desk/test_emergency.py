"""Emergency access: found exactly, for a reason, for an hour, and told to the person (s18, s19)."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from cabinet.audit.models import Event
from cabinet.audit.telling import reads_of
from cabinet.orders.models import BreakGlass, Order
from cabinet.orders.seeing import visible_to
from tests.cabinet.orders.desk.conftest import PERSON

FIND, REPORT = "/admin/reports/emergencies/find/", "/admin/reports/emergencies/"
REASON = "a court asks for it by today"


@pytest.fixture
def ended(make_order, aigerim):
    return make_order("A-1", customer=aigerim.customer, ended_at=timezone.now(), status="delivered")


def open_access(client, order, reason=REASON):
    return client.post(f"/admin/reports/emergencies/open/{order.subject}/", {"reason": reason})


@pytest.mark.parametrize("term", ["A-1", "aigerim@customer.example", "AIGERIM@customer.example", "8 701 000 01 67"])
def test_somebody_is_found_exactly_and_masked(ended, officer_client, saule, term):
    page = officer_client.post(FIND, {"term": term}).text
    assert str(ended.subject) in page and "Ахметова" not in page and "Достық" not in page
    event = Event.objects.get(name="orders.glass.searched")
    assert (event.actor, event.subject, event.tells()) == (saule.public_id, "", {"found": 1})


@pytest.mark.parametrize("term", ["A-", "aigerim", "@customer.example", "701 000", "Айгерім", "%", "", "+7"])
def test_a_part_finds_nobody(ended, officer_client, term):
    assert str(ended.subject) not in officer_client.post(FIND, {"term": term}).text


def test_an_order_that_is_nobodys_opens_nothing_and_is_found_by_no_mark(make_order, officer_client):
    order = make_order("A-2", person=None, anonymised_at=timezone.now())
    assert str(order.subject) not in officer_client.post(FIND, {"term": "A-2"}).text
    assert open_access(officer_client, order).status_code == 404
    assert not BreakGlass.objects.exists()


def test_s18_marks_are_found_by_an_index_that_only_somebodys_are_in(make_order):
    order = make_order("A-3", ended_at=timezone.now())
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")  # of one row it would read the table
    assert "orders_of_mark" in Order.objects.of_mark(order.subject).explain()


def test_the_officer_sees_the_person_for_an_hour_and_each_look_is_logged(ended, officer_client, saule, aigerim):
    order_page = f"/admin/orders/{ended.public_id}/"
    assert officer_client.get(order_page).status_code == 404
    access = open_access(officer_client, ended).url
    assert "A-1" in officer_client.get(access).text
    assert "А… А…" in officer_client.get(order_page).text
    assert PERSON["street"] in officer_client.post(f"{order_page}reveal/", {"reason": "reading the address"}).text
    assert [look.reason for look in reads_of(aigerim.customer.subject)] == ["reading the address", REASON]
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert visible_to(saule).count() == 0
        assert "A-1" not in officer_client.get(access).text


def test_the_customer_is_told_by_letter_and_in_the_cabinet(ended, officer_client, delivered, customer_client):
    open_access(officer_client, ended)
    [letter] = delivered()
    assert letter.to == ["aigerim@customer.example"] and REASON in letter.body and "readers" in letter.body
    assert REASON in customer_client.get("/ru/cabinet/data/readers/").text


def test_a_guest_is_told_too(make_order, officer_client, delivered):
    open_access(officer_client, make_order("G-1"))
    [letter] = delivered()
    assert letter.to == [PERSON["email"]] and "readers" not in letter.body


def test_a_doubled_click_opens_one_and_writes_once(ended, officer_client, delivered):
    assert open_access(officer_client, ended).url == open_access(officer_client, ended).url
    assert (BreakGlass.objects.count(), len(delivered())) == (1, 1)


def test_without_a_reason_nothing_is_opened(ended, officer_client):
    assert open_access(officer_client, ended, " ").status_code == 422
    assert BreakGlass.objects.count() == 0


def test_s23_without_the_log_nothing_is_opened_or_told(ended, officer_client, failing_log, delivered):
    assert open_access(officer_client, ended).status_code == 503
    assert (BreakGlass.objects.count(), delivered()) == (0, [])


def test_nobody_is_opened_who_has_no_order(site_ru, officer_client):
    import uuid

    assert (
        officer_client.post(f"/admin/reports/emergencies/open/{uuid.uuid4()}/", {"reason": REASON}).status_code == 404
    )


def test_s18_who_is_no_officer_opens_nothing(ended, timurs, accountants, editor_client):
    for client in (timurs, accountants, editor_client):
        assert open_access(client, ended).status_code == 302
        assert client.post(FIND, {"term": "A-1"}).status_code == 302
    assert BreakGlass.objects.count() == 0


def test_one_officers_access_opens_nothing_for_another(ended, officer_client, make_user):
    from tests.conftest import signed_in

    access = open_access(officer_client, ended).url
    other = signed_in(make_user("officer@kelisim.example", "Officer", ("Privacy officers",)))
    assert other.get(access).status_code == 404
    assert other.get(f"/admin/orders/{ended.public_id}/").status_code == 404


def test_the_owner_reads_who_opened_what_and_why(ended, officer_client, make_user):
    from tests.conftest import signed_in

    open_access(officer_client, ended)
    owner = signed_in(make_user("owner@kelisim.example", "Owner", ("x",), is_superuser=True))
    page = owner.get(REPORT)
    assert REASON in page.text and "Saule" in page.text and "Ахметова" not in page.text
    assert owner.get(f"{REPORT}?export=csv")["Content-Type"].startswith("text/html")

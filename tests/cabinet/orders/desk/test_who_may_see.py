"""Order staff see the person behind an order in hand while it is open: masked, and revealed for a reason (s18, s19)."""

from __future__ import annotations

import pytest
from django.utils import timezone

from cabinet.audit.models import Event
from cabinet.audit.telling import reads_of
from cabinet.orders.models import Assignment
from cabinet.orders.seeing import visible_to
from tests.cabinet.orders.desk.conftest import PERSON

LIST = "/admin/orders/"
PLAIN = ("Айгерім", "Ахметова", "0000167", "000 01 67", "aigerim@", "Достық", "Домофон")


@pytest.fixture
def own(make_order, timur, aigerim):
    return make_order("A-1", customer=aigerim.customer, hand=timur)


def page_of(client, order):
    return client.get(f"{LIST}{order.public_id}/")


def reveal(client, order, reason="calling about the delivery"):
    return client.post(f"{LIST}{order.public_id}/reveal/", {"reason": reason})


def is_refused(answer):
    """Wagtail leads whoever may not do something to the start, with a word about it."""
    return answer.status_code == 302 and answer.url == "/admin/"


def test_timur_lists_his_orders_and_nobody_elses(own, make_order, clerk, timurs, clerks):
    make_order("B-2", hand=clerk)
    make_order("C-3")
    assert [number in timurs.get(LIST).text for number in ("A-1", "B-2", "C-3")] == [True, False, False]
    assert [number in clerks.get(LIST).text for number in ("A-1", "B-2", "C-3")] == [False, True, False]


def test_the_list_names_no_person(own, timurs):
    page = timurs.get(LIST).text
    assert "Алматы" in page and "5" in page
    assert not [plain for plain in PLAIN if plain in page]


@pytest.mark.parametrize(
    ("asked", "found"), [("A-1", True), ("Айгерім", False), ("7010000167", False), ("Алматы", False)]
)
def test_a_search_knows_numbers_alone(own, timurs, asked, found):
    assert ("A-1</a>" in timurs.get(LIST, {"q": asked}).text.replace("\n", "").replace(" ", "")) is found


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_s06_nothing_is_exported(own, timurs, form):
    answer = timurs.get(LIST, {"export": form})
    assert answer["Content-Type"].startswith("text/html")


def test_s19_the_person_is_masked(own, timurs):
    page = page_of(timurs, own).text
    assert "А… А…" in page and "+7 701 ••• •• 67" in page and "a•••@…" in page and "Алматы" in page
    assert not [plain for plain in PLAIN if plain in page]


def test_s19_a_reveal_is_for_one_page_and_the_customer_sees_it(own, timurs, aigerim, customer_client):
    shown = reveal(timurs, own)
    assert PERSON["name"] in shown.text and "aigerim@customer.example" in shown.text
    assert shown.headers["Cache-Control"] == "private, no-store"
    assert "aigerim@" not in page_of(timurs, own).text
    [look] = reads_of(aigerim.customer.subject)
    assert look.reason == "calling about the delivery" and "A-1" in look.what
    assert "calling about the delivery" in customer_client.get("/ru/cabinet/data/readers/").text


@pytest.mark.parametrize("reason", ["", "    ", "why"])
def test_s19_without_a_reason_nothing_is_shown(own, timurs, aigerim, reason):
    answer = reveal(timurs, own, reason)
    assert answer.status_code == 422 and "aigerim@" not in answer.text
    assert reads_of(aigerim.customer.subject) == []


def test_i8_s23_without_the_log_nothing_is_shown(own, timurs, failing_log):
    answer = reveal(timurs, own)
    assert answer.status_code == 503
    assert not [plain for plain in PLAIN if plain in answer.text]


def test_s18_another_clerk_sees_neither_order_nor_person(own, clerks):
    assert page_of(clerks, own).status_code == 404
    assert reveal(clerks, own).status_code == 404


def test_s18_the_right_ends_with_the_order(own, timurs):
    own.ended_at = timezone.now()
    own.save()
    assert page_of(timurs, own).status_code == 404
    assert reveal(timurs, own).status_code == 404


def test_s18_the_right_ends_with_the_assignment(own, timurs):
    Assignment.objects.update(until=timezone.now())
    assert page_of(timurs, own).status_code == 404


def test_s18_the_right_ends_with_the_role(own, timur):
    assert visible_to(timur).count() == 1
    timur.groups.clear()
    assert visible_to(type(timur).objects.get(pk=timur.pk)).count() == 0


def test_s18_an_administrator_sees_no_person_without_the_order_in_hand(own, make_user):
    from tests.conftest import signed_in

    client = signed_in(make_user("admin@kelisim.example", "Admin", ("x",), is_superuser=True))
    page = page_of(client, own)
    assert page.status_code == 200 and "А… А…" not in page.text
    assert is_refused(reveal(client, own))


def test_an_order_whose_person_has_gone_says_so(make_order, timur, timurs):
    gone = make_order(person=None, hand=timur)
    assert page_of(timurs, gone).status_code == 200
    assert is_refused(reveal(timurs, gone))


def test_s05_hostile_names_are_inert(make_order, timur, timurs):
    evil = "<script>alert(1)</script>"
    order = make_order(
        '"><img src=x onerror=1>', hand=timur, person={**PERSON, "name": evil, "city": evil, "note": evil}
    )
    for page in (timurs.get(LIST), page_of(timurs, order), reveal(timurs, order)):
        assert evil not in page.text and "<img src=x" not in page.text


# Whose hands --------------------------------------------------------------------------------------------------------


def test_the_next_order_is_the_oldest_that_nobody_has(own, make_order, timurs, timur):
    now = timezone.now()
    young, old = make_order("N-2", placed_at=now), make_order("N-1", placed_at=now.replace(year=now.year - 1))
    answer = timurs.post(f"{LIST}next/")
    assert answer.url == f"{LIST}{old.public_id}/"
    timurs.post(f"{LIST}next/")
    assert set(visible_to(timur)) == {own, young, old}
    assert timurs.post(f"{LIST}next/").url == LIST


def test_a_supervisor_gives_an_order_and_sees_no_person(own, supervisors, clerk, clerks, timurs):
    page = page_of(supervisors, own).text
    assert "А… А…" not in page and is_refused(reveal(supervisors, own))
    supervisors.post(f"{LIST}{own.public_id}/assign/", {"staff": clerk.pk})
    assert page_of(clerks, own).status_code == 200 and page_of(timurs, own).status_code == 404
    assert Event.objects.filter(name="orders.order.assigned", subject=str(own.subject)).count() == 1


def test_an_order_goes_back_into_the_queue(own, supervisors, clerks, clerk):
    supervisors.post(f"{LIST}{own.public_id}/assign/", {"staff": ""})
    clerks.post(f"{LIST}next/")
    assert list(visible_to(clerk)) == [own]


def test_orders_are_given_to_order_staff_alone(own, supervisors, saule, dana):
    for nobody in (saule, dana):
        assert supervisors.post(f"{LIST}{own.public_id}/assign/", {"staff": nobody.pk}).status_code == 422


def test_a_clerk_gives_nothing_to_anybody(own, timurs, clerk):
    assert is_refused(timurs.post(f"{LIST}{own.public_id}/assign/", {"staff": clerk.pk}))


# How far it is ------------------------------------------------------------------------------------------------------


def test_an_order_goes_forward_step_by_step_and_leaves_the_desk_at_its_end(own, timurs):
    for status in ("confirmed", "packed", "shipped", "delivered"):
        answer = timurs.post(f"{LIST}{own.public_id}/step/", {"to": status})
    assert answer.url == LIST
    own.refresh_from_db()
    assert own.status == "delivered" and own.has_ended and own.objections_until > own.delivered_at
    assert own.steps.count() == 5


@pytest.mark.parametrize("to", ["delivered", "placed", "", "nonsense"])
def test_no_step_is_left_out(own, timurs, to):
    timurs.post(f"{LIST}{own.public_id}/step/", {"to": to})
    own.refresh_from_db()
    assert own.status == "placed"


def test_an_order_of_the_shop_engine_goes_forward_by_its_events_alone(make_order, timur, timurs):
    order = make_order(hand=timur, source="engine")
    timurs.post(f"{LIST}{order.public_id}/step/", {"to": "confirmed"})
    order.refresh_from_db()
    assert order.status == "placed"

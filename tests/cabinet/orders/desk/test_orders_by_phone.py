"""An order by phone: with the consent that was read out or not at all; the person confirms, sees, withdraws (R1)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from cabinet.audit.models import Event
from cabinet.consents.ledger import ConsentReceipt
from cabinet.notices.models import Letter
from cabinet.orders.models import Assignment, Order, OrderPerson, PhoneOrder
from cabinet.orders.phone_orders import take_order
from cabinet.orders.phone_withdrawing import settle_withdrawals
from tests.cabinet.consents.shop import standing_shop

pytestmark = pytest.mark.usefixtures("shop_of_two_languages")

FORM, FIND = "/admin/orders/new/", "/admin/orders/new/find/"
LINK = re.compile(r"/ru/orders/phone/[A-Z2-7-]{19}/")
CALL = {
    "agreed": "on",
    "call_reference": "call 17",
    "name": "Айгерім Ахметова",
    "phone": "8 701 000 00 01",
    "email": "aigerim@customer.example",
    "city": "Алматы",
    "street": "Абай, 1",
    "total": "7 000,50",
    "lines-0-name": "Сельдь",
    "lines-0-quantity": "2",
    "lines-0-price": "1 500,25",
    "lines-2-name": "Икра",
    "lines-2-quantity": "0,5",
    "lines-2-price": "8000",
}


@pytest.fixture(scope="module")
def shop_of_two_languages(scenery):
    standing_shop("ru", "kk")


@pytest.fixture
def sheet(shop, timurs):
    """Return a function that opens the form and returns what a browser would post of it, filled with a call."""

    def opened(query="", **changed):
        page = timurs.get(f"{FORM}{query}")
        hidden = dict(re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', page.text))
        assert page.status_code == 200 and hidden["form_key"]
        hidden.pop("csrfmiddlewaretoken", None)
        return {name: value for name, value in {**hidden, **CALL, **changed}.items() if value is not None}

    return opened


@pytest.fixture
def taken(sheet, timurs):
    """An order that was taken; the path of its link."""
    answer = timurs.post(FORM, sheet())
    assert answer.status_code == 200, answer.context["sheet"].form.errors
    return LINK.search(answer.text)[0]


def the_order():
    return Order.objects.get()


def test_the_script_is_the_real_consent_in_its_eight_parts(shop, timurs):
    page = timurs.get(FORM)
    assert len(page.context["words"].parts) == 8
    assert "Shop (ru)" in page.text and "012345678901" in page.text


def test_the_words_can_be_read_out_in_kazakh_and_nothing_typed_is_lost(sheet, timurs):
    page = timurs.post(f"{FORM}again/?language=kk", sheet())
    assert "Shop (kk)" in page.text and "Сельдь" in page.text
    assert page.context["sheet"].form["agreed"].value() in (None, False)  # to other words nobody has agreed


def test_more_rows_can_be_had_without_a_script(sheet, timurs):
    page = timurs.post(f"{FORM}again/?rows=more", sheet())
    assert "lines-5-name" in page.text and "Сельдь" in page.text and Order.objects.count() == 0


def test_the_order_is_kept_whole(taken, timur):
    order = the_order()
    assert (order.placed_by, order.source, order.taken_by) == ("phone", "site", timur.public_id)
    assert order.number == f"T-{timezone.localdate().year}-000001"
    assert [str(line.cost) for line in order.lines.all()] == ["3000.50", "4000.00"] and str(order.total) == "7000.50"
    assert str(order.person.phone) == "+77010000001" and order.call_reference == "call 17"
    assert order.steps.get().status == "placed" and order.assignments.get().staff == timur
    assert (order.consent.channel, order.consent.recorded_by) == ("phone", timur.public_id)
    assert order.consent.subject == order.subject
    assert Event.objects.filter(name="orders.order.taken_by_phone", subject=str(order.subject)).count() == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"agreed": None},
        {"words": "0" * 64},
        {"call_reference": ""},
        {"name": ""},
        {"total": "7000"},
        {"lines-0-price": "-1"},
        {"lines-0-quantity": "0"},
        {"lines-0-name": None, "lines-2-name": None, "lines-0-price": None, "lines-2-price": None, "total": "0"},
        {"form_key": "x"},
        {"lines-TOTAL_FORMS": "999999"},
        {"lines-TOTAL_FORMS": "x"},
    ],
)
def test_without_consent_or_with_a_fault_nothing_is_saved(sheet, timurs, changed):
    answer = timurs.post(FORM, sheet(**changed))
    assert answer.status_code == 422
    assert (Order.objects.count(), ConsentReceipt.objects.count(), Letter.objects.count()) == (0, 0, 0)


def test_words_that_changed_meanwhile_are_read_out_anew(sheet, timurs, publish):
    from cms_pages.models import LegalDocumentPage

    typed = sheet()
    publish(LegalDocumentPage.objects.get(locale__language_code="ru"), clauses=[["We keep your phone."]])
    assert timurs.post(FORM, typed).status_code == 422
    assert Order.objects.count() == 0


def test_s04_other_fields_change_nothing(sheet, timurs, aigerim):
    posted = {
        "status": "delivered",
        "taken_by": "x",
        "source": "engine",
        "number": "1",
        "subject": "x",
        "placed_by": "x",
    }
    timurs.post(FORM, sheet(**posted))
    order = the_order()
    assert (order.status, order.source, order.placed_by) == ("placed", "site", "phone") and order.number[:2] == "T-"


def test_a_form_sent_twice_is_one_order(sheet, timurs):
    typed = sheet()
    assert timurs.post(FORM, typed).status_code == 200
    again = timurs.post(FORM, typed)
    assert again.url == f"/admin/orders/{the_order().public_id}/"
    assert (ConsentReceipt.objects.count(), Letter.objects.count()) == (1, 1)


def test_s05_hostile_text_is_inert(sheet, timurs, visitor):
    evil = "<script>alert(1)</script>"
    answer = timurs.post(FORM, sheet(name=evil, city=evil, note=evil, **{"lines-0-name": evil}))
    page = visitor.get(LINK.search(answer.text)[0])
    desk = timurs.get(f"/admin/orders/{the_order().public_id}/")
    assert evil not in answer.text + page.text + desk.text + Letter.objects.get().written.html


# The account of the caller ------------------------------------------------------------------------------------------


@pytest.fixture
def called(aigerim):
    aigerim.customer.phone = "+77010000001"
    aigerim.customer.last_name = "Ахметова"
    aigerim.customer.save()
    return aigerim.customer


def test_a_caller_is_found_by_the_whole_number_and_masked(called, timurs, timur):
    page = timurs.post(FIND, {"phone": "8 (701) 000-00-01"}).text
    assert called.public_id in page and "A… А…" in page and "Ахметова" not in page and "aigerim@" not in page
    event = Event.objects.get(name="orders.customer.searched")
    assert (event.actor, event.subject, event.tells()) == (timur.public_id, "", {"found": 1})


@pytest.mark.parametrize("part", ["701000000", "8701", "+7", "Ахметова", ""])
def test_a_part_of_a_number_finds_nobody(called, timurs, part):
    assert called.public_id not in timurs.post(FIND, {"phone": part}).text


def test_s11_nobody_searches_without_end(called, timurs, clerks, settings):
    settings.PHONE_SEARCHES_PER_HOUR = 2
    codes = [timurs.post(FIND, {"phone": "8 701 000 00 01"}).status_code for _search in range(3)]
    assert codes == [200, 200, 429]
    assert clerks.post(FIND, {"phone": "8 701 000 00 01"}).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(hours=1, minutes=1)):
        assert timurs.post(FIND, {"phone": "8 701 000 00 01"}).status_code == 200


def test_the_order_of_a_customer_stands_under_their_mark(called, sheet, timurs):
    timurs.post(FORM, sheet(f"?customer={called.public_id}"))
    order = the_order()
    assert (order.customer, order.subject) == (called, called.subject)
    assert order.consent.subject == called.subject and order.consent.channel == "phone"


# The link -----------------------------------------------------------------------------------------------------------


def test_the_letter_holds_the_words_and_a_link_that_works_logged_out(taken, delivered, visitor):
    [letter] = delivered()
    assert letter.to == ["aigerim@customer.example"] and "T-" in letter.subject and "Айгерім" not in letter.subject
    assert the_order().consent.text.text.strip() in letter.body and taken in letter.body
    page = visitor.get(taken)
    assert page.status_code == 200 and the_order().number in page.text
    assert page.headers["Cache-Control"] == "private, no-store" and "noindex" in page.headers["X-Robots-Tag"]
    assert not [plain for plain in ("Айгерім", "Абай", "701 000", "aigerim@") if plain in page.text]


def test_without_an_email_the_address_is_read_out(sheet, timurs):
    answer = timurs.post(FORM, sheet(email=""))
    assert LINK.search(answer.text) and Letter.objects.count() == 0


def test_s14_only_the_hash_of_the_link_is_kept(taken):
    token = taken.split("/")[-2]
    assert token not in str(PhoneOrder.objects.values()) + str(Letter.objects.values())


def test_a_get_changes_nothing(taken, visitor):
    for path in ("", "confirm/", "withdraw/"):
        visitor.get(f"{taken}{path}")
    known = PhoneOrder.objects.get()
    assert (known.confirmed_at, known.withdrawal_at, the_order().status) == (None, None, "placed")


def test_the_person_confirms_once(taken, visitor):
    visitor.post(f"{taken}confirm/"), visitor.post(f"{taken}confirm/")
    assert PhoneOrder.objects.get().confirmed_at
    assert Event.objects.filter(name="orders.order.confirmed_by_link").count() == 1


def test_s07_the_link_alone_posts_nothing_from_elsewhere(taken):
    from django.test import Client

    assert Client(enforce_csrf_checks=True).post(f"{taken}withdraw/").status_code == 403


@pytest.mark.parametrize("wrong", ["/ru/orders/phone/AAAA-AAAA-AAAA-AAAA/", "/ru/orders/phone/x/"])
def test_s08_a_wrong_link_and_an_old_one_look_the_same(taken, visitor, wrong):
    with time_machine.travel(timezone.now() + timedelta(days=61)):
        old, other = visitor.get(taken), visitor.get(wrong)
    assert old.status_code == other.status_code == 410
    assert old.text.replace(taken[3:], wrong[3:]) == other.text  # in the language switch, too


def test_a_link_typed_in_small_letters_opens(taken, visitor):
    assert visitor.get(taken.lower()).status_code == 200


def test_withdrawing_before_anybody_began_cancels_the_order_and_takes_the_data(taken, visitor):
    visitor.post(f"{taken}withdraw/"), visitor.post(f"{taken}withdraw/")
    order = the_order()
    assert (order.status, order.has_ended) == ("cancelled", True)
    assert ConsentReceipt.objects.of(order.subject).in_force().count() == 0
    assert [each.given for each in ConsentReceipt.objects.order_by("pk")] == [True, False]
    assert OrderPerson.objects.count() == 0
    assert visitor.get(taken).status_code == 200


def test_i6_withdrawing_later_waits_for_the_order_and_its_objection_period(taken, visitor, timurs):
    order = the_order()
    step = f"/admin/orders/{order.public_id}/step/"
    timurs.post(step, {"to": "confirmed"})
    visitor.post(f"{taken}withdraw/")
    assert ConsentReceipt.objects.in_force().count() == 1 and OrderPerson.objects.get().street
    for status in ("packed", "shipped", "delivered"):
        timurs.post(step, {"to": status})
    assert settle_withdrawals() == 0  # they may still object
    with time_machine.travel(the_order().objections_until + timedelta(hours=1)):
        assert settle_withdrawals() == 1
        assert settle_withdrawals() == 0
    assert ConsentReceipt.objects.in_force().count() == 0
    [person] = OrderPerson.objects.all()
    assert person.name and not (person.street or person.phone or person.email)  # papers of a sale keep the name


def test_a_customers_link_takes_the_order_back_and_leaves_the_account_alone(called, sheet, timurs, visitor):
    taken = LINK.search(timurs.post(FORM, sheet(f"?customer={called.public_id}")).text)[0]
    visitor.post(f"{taken}withdraw/")
    assert the_order().status == "cancelled"
    assert ConsentReceipt.objects.of(called.subject).in_force().count() == 1


def test_a_new_link_makes_the_old_one_worthless(taken, timurs, clerks, visitor):
    url = f"/admin/orders/{the_order().public_id}/link/"
    assert clerks.post(url).status_code == 404
    new = LINK.search(timurs.post(url).text)[0]
    assert (visitor.get(taken).status_code, visitor.get(new).status_code) == (410, 200)


def test_the_link_to_an_order_whose_person_has_gone_does_not_open(taken, visitor):
    Order.objects.update(anonymised_at=timezone.now())
    assert visitor.get(taken).status_code == 410


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_the_page_is_there_in_each_language(taken, visitor, language):
    assert visitor.get(taken.replace("/ru/", f"/{language}/")).status_code == 200


def test_who_may_not_take_orders_opens_nothing(shop, editor_client, officer_client, accountants):
    for client in (editor_client, officer_client, accountants):
        assert (client.get(FORM).status_code, client.post(FIND, {"phone": "1"}).status_code) == (302, 302)
    assert Assignment.objects.count() == 0


def test_i3_an_account_closed_during_the_call_takes_no_order(sheet, timurs, called, monkeypatch):
    filled = sheet(f"?customer={called.public_id}")

    def close_first(**facts):
        called.user.is_active = False
        called.user.save()
        return take_order(**facts)

    monkeypatch.setattr("cabinet.orders.phone_views.take_order", close_first)
    answer = timurs.post(FORM, filled)
    assert answer.status_code == 422 and not Order.objects.exists()
    assert answer.context["sheet"].form.errors["form_key"] and "Сельдь" in answer.text
    assert called.public_id not in timurs.post(FIND, {"phone": CALL["phone"]}).text

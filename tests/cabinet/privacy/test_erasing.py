"""What goes, what stays, what goes under lock; and that nothing is found afterwards."""

from __future__ import annotations

import shutil
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from cabinet.audit.models import Payload
from cabinet.customers.models import Customer, User
from cabinet.notices.models import Letter
from cabinet.orders.models import Order, OrderPerson, Refund, RefundDetails
from cabinet.privacy.asking import IsStaff, ask, carry_on
from cabinet.privacy.erasing import run
from cabinet.privacy.erasures import Erasure, State
from cabinet.privacy.looking_for import hits, values_of
from cabinet.privacy.models import Restricted
from cabinet.privacy.plan import plan_for
from tests.cabinet.privacy import people


def test_without_orders_nothing_is_left(known, erase):
    values = values_of(known)
    erasure = erase(known)
    assert erasure.state == State.DONE
    assert not User.objects.filter(email=known.email).exists() and not Customer.objects.exists()
    assert sum(hits(values, None).values()) == sum(erasure.scan.values()) == 0
    assert erasure.sealed == "" and erasure.subject is None and erasure.digest


def test_i4_what_is_looked_for_is_found_while_it_is_there(known):
    found = {label for label, count in hits(values_of(known), known).items() if count}
    assert {"customers.User", "customers.Customer", "customers.Address", "notices.Letter"} <= found


def test_an_order_that_ended_leads_to_nobody_and_its_name_stands_under_lock(known, erase):
    done = people.order(known.customer, "A-1")
    people.refund(done)
    erasure = erase(known)
    assert erasure.state == State.DONE
    done.refresh_from_db()
    assert done.customer is None and done.anonymised_at and done.call_reference == ""
    assert done.subject != known.customer.subject and done.lines.count() == 1 and done.total == 100
    assert not OrderPerson.objects.exists() and not RefundDetails.objects.exists()
    assert Refund.objects.get().reason == ""
    row = Restricted.objects.get()
    assert row.words == {"name": f"{people.NAME} {people.SURNAME}"} and row.law and row.until == done.tax_until
    assert [each.reference for each in row.references.all()] == ["A-1"]
    assert people.NAME not in row.sealed


def test_papers_without_a_day_to_come_leave_nothing_under_lock(known, erase):
    people.order(known.customer, "A-1", tax=-1)
    assert erase(known).state == State.DONE
    assert not Restricted.objects.exists()


@pytest.mark.parametrize("held", [{"ended": None}, {"objections": 5}])
def test_i6_nothing_of_an_order_goes_while_it_is_held(known, erase, held):
    live, over = people.order(known.customer, "A-1", **held), people.order(known.customer, "A-2")
    erasure = erase(known)
    assert erasure.state == State.WAITING
    live.refresh_from_db()
    assert live.customer and live.person.street == people.STREET
    over.refresh_from_db()
    assert over.customer is None
    stub = live.customer
    told = ("first_name", "last_name", "phone", "birth_date", "postal_address")
    assert [name for name in told if getattr(stub, name)] == []
    assert not stub.user.is_active and stub.user.email.endswith("@erased.invalid")


def test_i3_it_is_done_by_itself_when_the_last_hold_ends(known, erase):
    people.order(known.customer, "A-1", objections=5)
    erasure = erase(known)
    assert erasure.state == State.WAITING and erasure.waits_until
    assert carry_on() == 0
    with time_machine.travel(timezone.now() + timedelta(days=6)):
        assert carry_on() == 1
        assert run(erasure.pk) == State.DONE
    assert not Customer.objects.exists() and not OrderPerson.objects.exists()
    assert Order.objects.get().customer is None and Restricted.objects.count() == 1


def test_an_open_refund_holds(known, erase):
    people.refund(people.order(known.customer, "A-1"), state="requested")
    erasure = erase(known)
    assert erasure.state == State.WAITING and erasure.waits_until is None
    assert RefundDetails.objects.count() == 1
    Refund.objects.update(state="paid")
    assert carry_on() == 1 and run(erasure.pk) == State.DONE


def test_orders_that_are_free_go_while_others_wait(known, erase):
    people.order(known.customer, "A-1", objections=5)
    people.order(known.customer, "A-2", objections=50)
    erasure = erase(known)
    with time_machine.travel(timezone.now() + timedelta(days=6)):
        assert carry_on() == 1 and run(erasure.pk) == State.WAITING
    assert [order.number for order in Order.objects.exclude(customer=None)] == ["A-2"]
    assert people_of_orders() == ["A-2"]


def people_of_orders():
    return list(OrderPerson.objects.values_list("order__number", flat=True))


def test_another_customer_with_the_same_street_keeps_everything(known, boris, erase):
    people.fill(boris)
    people.order(boris.customer, "B-1")
    before = plan_for(boris).figures
    assert erase(known).state == State.DONE
    assert plan_for(boris).figures == before
    boris.refresh_from_db()
    assert boris.is_active and boris.customer.addresses.exists()


def test_i4_a_trace_that_was_left_keeps_it_from_being_done_and_staff_hear_of_it(known, erase, caplog):
    from cms_pages.models import HomePage

    HomePage.objects.filter(slug="home-ru").update(title=f"Ask {people.PHONE}")
    erasure = erase(known)
    assert erasure.state == State.FAILED and erasure.scan["wagtailcore.Page"] == 1
    assert "erasure.incomplete" in caplog.text and people.PHONE not in caplog.text
    HomePage.objects.filter(slug="home-ru").update(title="Shop")
    assert run(erasure.pk) == State.DONE


def test_a_backup_among_the_sites_files_does_not_keep_it_from_being_done(known, erase, settings):
    (settings.DATA_DIR / "backups").mkdir(exist_ok=True)
    backup = settings.DATA_DIR / "backups" / "kelisim-20260302T090000Z.tar"
    backup.write_text(known.email)
    try:
        assert erase(known).state == State.DONE
        backup.rename(backup.with_name("other.tar"))
        assert hits([known.email], None)["files"] == 1
    finally:
        shutil.rmtree(backup.parent)


def test_the_log_still_tells_when_but_no_longer_what(known, erase):
    erase(known)
    assert not Payload.objects.filter(event__subject=str(known.customer.subject)).exclude(text="{}").exists()


def test_letters_at_each_turn_go_to_the_address_of_before(known, erase, delivered):
    people.order(known.customer, "A-1", objections=5)
    erasure = erase(known)
    with time_machine.travel(timezone.now() + timedelta(days=6)):
        run(erasure.pk)
        letters = [letter for letter in delivered() if letter.to == [known.email]]
    assert len(letters) == 2
    assert (
        "A-1" in letters[0].body and erasure.status_path in letters[0].body and erasure.status_path in letters[1].body
    )
    assert not Letter.objects.exclude(recipient="").exists()


def test_staff_are_never_erased(timur, saule):
    with pytest.raises(Customer.DoesNotExist):
        timur.customer  # noqa: B018
    customer = Customer.objects.create(user=saule, language="ru")
    with pytest.raises(IsStaff):
        ask(customer=customer)


def test_f05_a_doubled_click_makes_one_erasure(known):
    assert ask(customer=known.customer) == ask(customer=known.customer)
    assert Erasure.objects.count() == 1


def test_an_erased_person_can_be_erased_again_and_nothing_happens(known, erase):
    erasure = erase(known)
    assert run(erasure.pk) == State.DONE
    assert Erasure.objects.get() == erasure


def test_it_does_not_begin_before_its_day(known):
    erasure = ask(customer=known.customer)
    assert run(erasure.pk) == State.REQUESTED
    assert carry_on() == 0
    with time_machine.travel(timezone.now() + timedelta(days=7, seconds=1)):
        assert carry_on() == 1

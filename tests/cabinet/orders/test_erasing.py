"""The person goes out of orders, set by set; the books keep goods and sums."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cabinet.consents.models import ConsentReceipt
from cabinet.exchange.handlers import Outcome
from cabinet.orders import erasing
from cabinet.orders.models import Guest, Order, OrderPerson, Refund
from tests.cabinet.consents.conftest import policy, shop  # noqa: F401 (fixtures)
from tests.cabinet.orders.conftest import AT, hours, order
from tests.cabinet.orders.crowd import many_orders


def test_nothing_of_a_detached_order_leads_to_anybody(tell, linked, shop):  # noqa: F811
    tell("order.placed", order(customer={"id": "C-17"}, consent={"given": True}))
    tell("order.delivered", {}, at=hours(30))
    Refund.objects.create(order=Order.objects.get(), amount=1, reason="Aigerim fell ill")
    Order.objects.update(call_reference="K-1", taken_by="timur")
    assert erasing.detach(Order.objects.of(linked.customer)) == 1
    left = Order.objects.get()
    assert (left.customer, left.guest, left.consent, left.call_reference, left.taken_by, left.told_by) == (
        *(None,) * 3,
        *("",) * 3,
    )
    assert left.subject != linked.customer.subject and left.anonymised_at
    assert (left.total, left.lines.count(), left.steps.count(), left.refunds.get().reason) == (53500, 2, 1, "")
    assert ConsentReceipt.objects.count() == 1


def test_each_order_has_a_mark_of_its_own_afterwards(linked):
    many_orders(linked.customer, 7)
    erasing.detach(Order.objects.of(linked.customer))
    assert len(set(Order.objects.values_list("subject", flat=True))) == 7


def test_twice_does_no_harm_and_boris_stays(linked, boris):
    many_orders(linked.customer, 3)
    many_orders(boris.customer, 3, begin=10)
    own = Order.objects.of(linked.customer)
    assert [erasing.remove_people(own), erasing.remove_people(own)] == [3, 0]
    assert [erasing.detach(own), erasing.detach(own)] == [3, 0]
    assert Order.objects.of(boris.customer).count() == OrderPerson.objects.count() == 3


@pytest.mark.parametrize("count", [0, 1, 4, 5, 6, 11])
def test_batches_are_all_of_them_once(linked, count):
    many_orders(linked.customer, count)
    found = [list(some.values_list("pk", flat=True)) for some in erasing.batches(Order.objects.of(linked.customer), 5)]
    assert sorted(pk for some in found for pk in some) == sorted(Order.objects.values_list("pk", flat=True))
    assert all(0 < len(some) <= 5 for some in found)


def test_p8_a_batch_is_a_handful_of_statements_however_many_orders_are_in_it(linked):
    many_orders(linked.customer, 500)
    with CaptureQueriesContext(connection) as asked:
        erasing.remove_people(Order.objects.of(linked.customer))
        erasing.detach(Order.objects.of(linked.customer))
    statements = [each["sql"] for each in asked if not each["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(statements) <= 8, statements


def test_rows_for_the_restricted_store_tell_what_papers_must(hers):
    row = erasing.people_of(Order.objects.all()).get()
    assert (row["order__number"], row["name"], row["order__tax_until"]) == ("1001", "Aigerim", hers.tax_until)


def test_f11_what_comes_late_for_an_erased_customer_leaves_nothing(tell, hers, linked):
    subject = linked.customer.subject
    assert erasing.mark_erased(linked.customer) == 2
    erasing.remove_people(Order.objects.of(linked.customer))
    erasing.detach(Order.objects.of(linked.customer))
    late = {"customer": {"id": "C-17"}, "number": "1002"}
    by_mark = {"customer": {"id": "C-99", "subject": str(subject)}, "number": "1003"}
    changed = {"placed_at": AT.isoformat()}
    told = [("order.placed", late), ("order.placed", by_mark), ("order.changed", changed)]
    outcomes = {tell(type_, order(**facts), at=hours(960)).outcome for type_, facts in told}
    assert outcomes == {Outcome.QUARANTINED.state}
    assert (Order.objects.count(), OrderPerson.objects.count(), Guest.objects.count()) == (1, 0, 0)
    tell("order.delivered", {}, at=hours(970))
    assert (Order.objects.get().status, Order.objects.get().customer) == ("delivered", None)


def test_f11_a_guest_who_was_erased_does_not_come_back(tell):
    tell("order.placed", order(customer={"id": "C-9"}))
    erasing.mark_guest_erased(Guest.objects.get())
    assert tell("order.placed", order(number="1002", customer={"id": "C-9"})).outcome == Outcome.QUARANTINED.state

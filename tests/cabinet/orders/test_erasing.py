"""The person goes out of orders; the books keep goods and sums, and nobody comes back with what is told late."""

from __future__ import annotations

from cabinet.consents.models import ConsentReceipt
from cabinet.exchange.handlers import Outcome
from cabinet.orders.models import Guest, Order, OrderPerson, Refund
from cabinet.privacy import erasing
from cabinet.privacy.asking import ask
from cabinet.privacy.erasures import State
from tests.cabinet.consents.conftest import policy, shop  # noqa: F401 (fixtures)
from tests.cabinet.orders.conftest import AT, hours, order


def erase(customer):
    assert erasing.run(ask(customer=customer, at_once=True).pk) == State.DONE


def test_nothing_of_an_erased_persons_order_leads_to_anybody(tell, linked, shop):  # noqa: F811
    subject = linked.customer.subject
    tell("order.placed", order(customer={"id": "C-17"}, consent={"given": True}))
    tell("order.delivered", {}, at=hours(30))
    Refund.objects.create(order=Order.objects.get(), amount=1, reason="Aigerim fell ill", state=Refund.State.PAID)
    Order.objects.update(call_reference="K-1", taken_by="timur")
    erase(linked.customer)
    left = Order.objects.get()
    assert (left.customer, left.guest, left.consent) == (None, None, None)
    assert (left.call_reference, left.taken_by, left.told_by) == ("", "", "")
    assert left.subject != subject and left.anonymised_at
    assert (left.total, left.lines.count(), left.steps.count(), left.refunds.get().reason) == (53500, 2, 1, "")
    assert ConsentReceipt.objects.filter(subject=subject).exists()


def test_f11_what_comes_late_for_an_erased_customer_leaves_nothing(tell, hers, linked):
    subject = linked.customer.subject
    tell("order.delivered", {}, at=hours(30))
    erase(linked.customer)
    late = {"customer": {"id": "C-17"}, "number": "1002"}
    by_mark = {"customer": {"id": "C-99", "subject": str(subject)}, "number": "1003"}
    changed = {"placed_at": AT.isoformat()}
    told = [("order.placed", late), ("order.placed", by_mark), ("order.changed", changed)]
    outcomes = {tell(type_, order(**facts), at=hours(960)).outcome for type_, facts in told}
    assert outcomes == {Outcome.QUARANTINED.state}
    assert (Order.objects.count(), OrderPerson.objects.count(), Guest.objects.count()) == (1, 0, 0)
    tell("order.returned", {}, at=hours(970))
    assert (Order.objects.get().status, Order.objects.get().customer) == ("returned", None)

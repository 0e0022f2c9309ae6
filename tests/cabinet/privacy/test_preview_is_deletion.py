"""What the preview says is what the deletion does, row by row, whatever orders somebody has."""

from __future__ import annotations

import pytest
from django.conf import settings as conf
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cabinet.customers.models import Customer, User
from cabinet.orders.models import OrderPerson
from cabinet.privacy.asking import ask
from cabinet.privacy.erasing import run
from cabinet.privacy.erasures import Erasure
from cabinet.privacy.plan import COUNTED, plan_for
from tests.cabinet.privacy import people

GROWN_MEANWHILE = {"customers.journal audit.Payload"}  # asking is itself an event
ORDERS = st.lists(
    st.fixed_dictionaries(
        {
            "ended": st.sampled_from([None, 1, 400]),
            "objections": st.sampled_from([-5, 5, 60]),
            "tax": st.sampled_from([-5, 100, 1000]),
            "refund": st.sampled_from(["", "requested", "paid", "refused"]),
            "name": st.sampled_from(["", "Aigerim"]),
        }
    ),
    max_size=5,
)


def lay(user, orders):
    for number, spec in enumerate(orders):
        made = people.order(user.customer, f"A-{number}", **{key: spec[key] for key in ("ended", "objections", "tax")})
        OrderPerson.objects.filter(order=made).update(name=spec["name"])
        if spec["refund"]:
            people.refund(made, spec["refund"])


@given(orders=ORDERS, everything=st.booleans())
@settings(
    max_examples=5,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_the_preview_equals_the_deletion(db, orders, everything):
    conf.TOMBSTONES.unlink(missing_ok=True)
    with transaction.atomic():
        user = User.objects.create_user("aigerim@customer.example")
        Customer.objects.create(user=user, language="ru")
        if everything:
            people.fill(user)
        lay(user, orders)
        plan = plan_for(user)
        run(ask(customer=user.customer, at_once=True).pk)
        erasure = Erasure.objects.get()
        told, done = without(plan.figures), without(erasure.figures)
        waits = erasure.customer is not None
        transaction.set_rollback(True)
    assert told == done
    assert waits is plan.waits


def without(figures):
    return {key: counts for key, counts in figures.items() if key not in GROWN_MEANWHILE}


@pytest.mark.parametrize("most", [None, COUNTED])
def test_p9_the_preview_asks_as_much_whatever_the_number_of_orders(known, most):
    counts = []
    for number in (4, 12):
        for turn in range(number):
            people.refund(people.order(known.customer, f"A-{number}-{turn}", objections=turn - 2))
        with CaptureQueriesContext(
            connection,
        ) as asked:
            plan_for(known, most=most)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 80

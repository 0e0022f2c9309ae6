"""Orders on the desk, and the colleagues who work there."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from cabinet.orders.models import Assignment, Line, Order, OrderPerson, Step
from tests.cabinet.consents.shop import standing_shop
from tests.conftest import signed_in

PERSON = {
    "name": "Айгерім Ахметова",
    "phone": "+77010000167",
    "email": "aigerim@customer.example",
    "city": "Алматы",
    "street": "Достық даңғылы, 91",
    "apartment": "14",
    "note": "Домофон 14",
}


@pytest.fixture
def make_order(site_ru):
    """Return a function that makes an order; `hand` is whose hands it is in."""

    def make(number="A-1", customer=None, hand=None, person=PERSON, **fields):
        now = timezone.now()
        facts = {"source": "site", "placed_by": "site", "placed_at": now, "status_at": now, "total": Decimal(5000)}
        facts |= {"tax_until": now + timedelta(days=2000), "number": number, "customer": customer, **fields}
        if customer:
            facts["subject"] = customer.subject
        order = Order.objects.create(**facts)
        if person:
            OrderPerson.objects.create(order=order, **person)
        Line.objects.create(order=order, position=1, name="Сельдь", quantity=1, price=5000, cost=5000)
        Step.objects.create(order=order, status=order.status, occurred_at=now)
        if hand:
            Assignment.objects.create(order=order, staff=hand)
        return order

    return make


@pytest.fixture
def clerk(make_user):
    """A second clerk."""
    return make_user("clerk@kelisim.example", "Clerk", ("Order staff",))


@pytest.fixture
def accountant(make_user):
    return make_user("accountant@kelisim.example", "Accountant", ("Accountants",))


@pytest.fixture
def supervisor(make_user):
    """Gives orders to colleagues, and has none in hand."""
    user = make_user("supervisor@kelisim.example", "Supervisor", ("Supervisors",))
    for app, codename in (("wagtailadmin", "access_admin"), ("orders", "assign_order")):
        user.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
    return user


@pytest.fixture
def timurs(order_staff_client):
    return order_staff_client


@pytest.fixture
def clerks(clerk):
    return signed_in(clerk)


@pytest.fixture
def supervisors(supervisor):
    return signed_in(supervisor)


@pytest.fixture
def accountants(accountant):
    return signed_in(accountant)


@pytest.fixture
def shop(database):
    """A shop that can take consents in Russian and Kazakh."""
    return standing_shop("ru", "kk")


@pytest.fixture
def failing_log(monkeypatch):
    """A read log that takes no line."""
    from cabinet.audit.chain import AuditError

    def refuse(**facts):
        raise AuditError("away")

    monkeypatch.setattr("cabinet.orders.seeing.record_read", refuse)

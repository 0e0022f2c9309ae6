"""Aigerim with an order in her objection period, what she writes to the shop, and Saule, who answers."""

from __future__ import annotations

import itertools

import pytest

from cabinet.desk.receiving import answer, receive
from tests.cabinet.consents.conftest import policy, shop  # noqa: F401 (fixtures)
from tests.cabinet.orders.desk.conftest import make_order  # noqa: F401 (fixture)
from tests.cabinet.privacy import people
from tests.cabinet.privacy.conftest import erase, forget, known  # noqa: F401 (fixtures)
from tests.conftest import signed_in

keys = itertools.count()
WORDS = "Қаптамасы ашылған, ақшамды қайтарыңыз."


@pytest.fixture
def ordered(known):  # noqa: F811
    """An order of hers that was delivered, with five days left to object."""
    return people.order(known.customer, "A-1", objections=5)


@pytest.fixture
def asked(database):
    """Return a function by which somebody asks the shop; the request."""

    def act(kind="question", **facts):
        facts = {"channel": "cabinet", "text": WORDS, "language": "ru", **facts}
        return receive(kind=kind, **{"form_key": f"form-{next(keys):016}", **facts})

    return act


@pytest.fixture
def hers(known, asked):  # noqa: F811
    """A question of hers that waits for its answer."""
    return asked(customer=known.customer, name=known.customer.full_name, email=known.email)


@pytest.fixture
def answered():
    """Return a function by which the shop answers; the request."""

    def act(request, text="Ақшаңыз қайтарылды.", outcome="granted"):
        return answer(request=request, text=text, outcome=outcome, by="saule")

    return act


@pytest.fixture
def boris_client(boris):
    return signed_in(boris)

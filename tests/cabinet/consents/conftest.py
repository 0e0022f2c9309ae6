"""A question to answer, and a browser that answers it."""

from __future__ import annotations

import pytest

from cabinet.consents.composing import Composer
from cabinet.consents.consenting import give
from cms_pages.starter.cookies import load_cookies
from tests.cabinet.consents.shop import standing_policy, standing_shop

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"}


@pytest.fixture
def asked(site_ru):
    """Load the starter's groups, the optional statistics among them, and seal the banner."""
    load_cookies(optional=True)


@pytest.fixture
def choose(asked, visitor):
    """Return a function that posts a choice as the banner of a page of ours would."""

    def post(choice, client=visitor, headers=None, **fields):
        data = {"banner": 1, "language": "ru", "origin": "banner", "next": "/ru/", "choice": choice, **fields}
        return client.post("/cookies/choice/", data, headers=SAME_ORIGIN if headers is None else headers)

    return post


@pytest.fixture
def policy(database):
    """The policy's page in Russian, its first edition in force."""
    return standing_policy()


@pytest.fixture
def shop(policy):
    """A shop that can take consents in Russian."""
    return standing_shop("ru")


@pytest.fixture
def composed(shop):
    """Return a function that composes the text of a consent in Russian as it is shown now."""
    return lambda purpose="order", medium="": Composer("ru").one(purpose, medium)


@pytest.fixture
def agree(composed):
    """Return a function by which a customer agrees."""

    def act(user, purpose="order", medium="", **facts):
        return give(customer=user.customer, composed=composed(purpose, medium), **facts)

    return act


@pytest.fixture
def material(policy, publish):
    """Return a function that publishes a material edition of the policy."""

    def act(text="We keep your phone, too.", **fields):
        return publish(policy, clauses=[[text]], material=True, change_summary="We keep your phone.", **fields)

    return act

"""Aigerim with all that can be kept of her, asking for a copy; a database that has forgotten, as a restored one has."""

from __future__ import annotations

import contextlib
import io
from zipfile import ZipFile

import pytest
from django.db import transaction
from django.test import Client

from cabinet.jobs.running import run_due
from cabinet.privacy import copies, gate, tombstones
from cabinet.privacy.asking import ask
from cabinet.privacy.data_copies import DataCopy
from cabinet.privacy.erasures import Erasure
from cabinet.privacy.making_copies import make_copy
from tests.cabinet.consents.conftest import agree, composed, policy, shop  # noqa: F401 (fixtures)
from tests.cabinet.privacy import people
from tests.cabinet.register.conftest import full_account  # noqa: F401
from tests.conftest import PASSWORD

PAGE = "/ru/cabinet/data/export/"


@pytest.fixture
def copies_dir(settings, tmp_path):
    """A folder of this test's own."""
    settings.COPIES_DIR = tmp_path / "copies"
    return settings.COPIES_DIR


def confirm(client, account):
    """Sign in and confirm once more who this is, on the page for it."""
    client.force_login(account)
    assert client.post("/ru/accounts/reauthenticate/", {"password": PASSWORD}).status_code == 302
    return client


def confirmed(user):
    """A client in which somebody has signed in and confirmed it a moment ago."""
    return confirm(Client(), user)


def made(account, language="ru") -> DataCopy:
    """A copy that is asked for and made, as far as it comes."""
    copy = copies.ask(customer=account.customer, language=language)
    make_copy(copy.pk)
    copy.refresh_from_db()
    return copy


def opened(copy) -> ZipFile:
    """The ZIP of a copy."""
    return ZipFile(io.BytesIO(copy.place.read_bytes()))


def token_path(client) -> str:
    """The address under which the page has the copy downloaded."""
    answer = client.post(f"{PAGE}open/")
    assert answer.status_code == 303
    return answer.url


class Forgotten(Exception):
    pass


@pytest.fixture
def forget(monkeypatch):
    """Return a function that does something, has its marks written, and takes the database back to before."""
    monkeypatch.setattr(gate, "watch", gate.Watch())

    def act(*deeds):
        with contextlib.suppress(Forgotten), transaction.atomic():
            for deed in deeds:
                deed()
            tombstones.flush()
            raise Forgotten
        gate.watch.until = 0.0

    return act


@pytest.fixture
def erased(monkeypatch):
    """Register who erases again; the list of whom was erased."""
    found = []

    def erase_again(mark, subject):
        from cabinet.customers.models import Customer

        found.append(subject)
        if len(subject) == 36:  # a customer's, not an account's
            Customer.objects.filter(subject=subject).delete()

    monkeypatch.setitem(tombstones.replayers, "erasure", erase_again)
    return found


@pytest.fixture
def known(aigerim):
    people.fill(aigerim)
    return aigerim


@pytest.fixture
def erase():
    """Return a function that asks for an erasure and carries it on as far as it goes; the erasure."""

    def act(user):
        erasure = ask(customer=user.customer, at_once=True)
        run_due()
        return Erasure.objects.get(pk=erasure.pk)

    return act

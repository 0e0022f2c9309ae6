"""i12: who was erased is erased again when a restore has brought them back."""

from __future__ import annotations

import fcntl

import pytest
from django.core.management import call_command

from cabinet.customers.linking import link
from cabinet.customers.models import Customer, User
from cabinet.exchange.intake import take
from cabinet.orders.models import Guest, Order
from cabinet.privacy import tombstones
from cabinet.privacy.asking import ask, hasten
from cabinet.privacy.erasing import run
from cabinet.privacy.erasures import Erasure, State
from cabinet.privacy.models import Tombstone
from cabinet.privacy.tombstone_file import read
from tests.cabinet.orders.conftest import AT, order


def test_i12_an_erased_customer_does_not_come_back_with_a_backup(known, forget):
    forget(lambda: run(ask(customer=known.customer, at_once=True).pk))
    assert Customer.objects.exists()
    call_command("reapply_erasures")
    assert not Customer.objects.exists() and not User.objects.filter(email=known.email).exists()
    assert Erasure.objects.get().reason == "replay" and Erasure.objects.get().state == State.DONE
    assert len(tombstones.replayers) == len(tombstones.KINDS)


def test_i12_a_mark_that_waited_when_the_backup_was_made_holds_up_no_replay(known, forget, monkeypatch, settings):
    """Found by the machine: the replay stood for ever before the lock that it held itself."""
    monkeypatch.setattr("cabinet.audit.anchors.fcntl.LOCK_EX", fcntl.LOCK_EX | fcntl.LOCK_NB)  # raises instead
    forget(lambda: run(ask(customer=known.customer, at_once=True).pk))
    waiting = Tombstone.objects.create(kind="field", mark="0" * 64, key="0" * 8)
    call_command("reapply_erasures")
    assert not Customer.objects.exists() and not Tombstone.objects.waiting().exists()
    assert [mark.uid for mark in read(settings.TOMBSTONES).marks][-1] == waiting.uid


def test_i12_who_was_still_thinking_when_the_backup_was_made_is_erased_again_too(known, forget):
    """Found by the machine: the replay left the erasure that the backup held to its day."""
    erasure = ask(customer=known.customer)
    forget(lambda: hasten(erasure=Erasure.objects.get()), lambda: run(erasure.pk))
    assert not Erasure.objects.get().is_due
    call_command("reapply_erasures")
    assert not Customer.objects.exists() and Erasure.objects.get().state == State.DONE


@pytest.mark.parametrize("when", ["signed up", "was linked"])
def test_i12_what_is_told_late_is_put_aside_by_a_backup_from_before_somebody(make_customer, forget, when):
    """Found by the machine: the backup knows neither the erasure nor the shop engine's number for the person."""

    def come():
        found.append(make_customer("aigerim@customer.example", "Aigerim"))

    found = []
    if when == "was linked":
        come()
    come_after_the_backup = [come] if when == "signed up" else []
    forget(
        *come_after_the_backup,
        lambda: link(source="shop", external_id="C-17", customer=found[0].customer),
        lambda: run(ask(customer=found[0].customer, at_once=True).pk),
    )
    call_command("reapply_erasures")
    data = order(customer={"id": "C-17"})
    assert take("shop", "evt_late", "order.placed", AT, data, "0" * 64).outcome == "quarantined"
    assert not Order.objects.exists() and not Guest.objects.exists()

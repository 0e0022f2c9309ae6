"""i12: who was erased is erased again when a restore has brought them back."""

from __future__ import annotations

from django.core.management import call_command

from cabinet.customers.models import Customer, User
from cabinet.privacy import tombstones
from cabinet.privacy.asking import ask
from cabinet.privacy.erasing import run
from cabinet.privacy.erasures import Erasure, State


def test_i12_an_erased_customer_does_not_come_back_with_a_backup(known, forget):
    forget(lambda: run(ask(customer=known.customer, at_once=True).pk))
    assert Customer.objects.exists()
    call_command("reapply_erasures")
    assert not Customer.objects.exists() and not User.objects.filter(email=known.email).exists()
    assert Erasure.objects.get().reason == "replay" and Erasure.objects.get().state == State.DONE
    assert len(tombstones.replayers) == len(tombstones.KINDS)

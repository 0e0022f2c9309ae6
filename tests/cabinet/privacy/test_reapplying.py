"""After a restore what people had done since the backup is done again, for them and for nobody else."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.utils import timezone

from cabinet.consents.consenting import unsubscribe, withdraw
from cabinet.consents.models import ConsentReceipt
from cabinet.customers.actions import add_address, remove_address, restore_address
from cabinet.customers.models import Customer
from cabinet.privacy.models import Tombstone
from cabinet.privacy.reapplying import reapply
from cabinet.privacy.tombstones import write
from tests.conftest import signed_in

HOME = {"label": "home", "city": "Almaty", "street": "Abay 1", "apartment": "", "postcode": "", "note": ""}


def command() -> str:
    out = StringIO()
    call_command("reapply_erasures", stdout=out)
    return out.getvalue()


def test_an_erasure_is_done_again_and_once(aigerim, boris, forget, erased):
    subject = str(aigerim.customer.subject)
    forget(lambda: write("erasure", aigerim.customer.subject))
    assert "Replayed 1 marks (erasures: 1," in command()
    assert erased == [subject]
    assert "Replayed 0 marks" in command()
    assert list(Customer.objects.values_list("user__email", flat=True)) == ["boris@customer.example"]


def test_a_later_sign_up_with_the_same_email_survives(aigerim, make_customer, forget, erased):
    forget(lambda: write("erasure", aigerim.customer.subject))
    aigerim.delete()
    again = make_customer("aigerim@customer.example", "Aigerim")
    assert reapply() == {"nobody": 1}
    assert erased == []
    again.customer.refresh_from_db()


def test_an_account_without_a_customer_is_found_by_its_public_id(timur, forget, erased):
    forget(lambda: write("erasure", timur.public_id))
    reapply()
    assert erased == [timur.public_id]


def test_a_withdrawal_holds_again_as_of_its_day(aigerim, agree, forget):
    agree(aigerim, "bonuses")
    day = timezone.now() - timedelta(days=2)

    def end():
        with time_machine.travel(day, tick=False):
            withdraw(customer=aigerim.customer, purpose="bonuses")

    forget(end)
    assert ConsentReceipt.objects.of(aigerim.customer.subject).standing().get(purpose="bonuses").given
    assert reapply() == {"withdrawal": 1}
    last = ConsentReceipt.objects.of(aigerim.customer.subject).standing().get(purpose="bonuses")
    assert (last.given, last.at) == (False, day.replace(microsecond=0))
    assert Tombstone.objects.count() == 1  # it left no mark of its own


def test_an_unsubscription_holds_again(aigerim, agree, forget):
    agree(aigerim, "news.assortment", "email")
    agree(aigerim, "news.prices", "email")
    forget(lambda: unsubscribe(customer=aigerim.customer, topic="news.prices", channel="letter"))
    assert reapply() == {"unsubscribe": 1}
    standing = ConsentReceipt.objects.of(aigerim.customer.subject).standing()
    assert {receipt.purpose: receipt.given for receipt in standing} == {"news.assortment": True, "news.prices": False}
    assert standing.get(purpose="news.prices").channel == "letter"


def test_a_withdrawal_by_phone_holds_again(aigerim, agree, forget):
    agree(aigerim, "bonuses")
    forget(lambda: withdraw(customer=aigerim.customer, purpose="bonuses", channel="phone", recorded_by="abc"))
    assert reapply() == {"withdrawal": 1}


def test_a_consent_given_after_a_backup_and_withdrawn_does_no_harm(aigerim, agree, forget):
    forget(lambda: (agree(aigerim, "bonuses"), withdraw(customer=aigerim.customer, purpose="bonuses")))
    assert reapply() == {"withdrawal": 1}
    assert not ConsentReceipt.objects.of(aigerim.customer.subject).exists()


def test_an_emptied_field_is_empty_again(aigerim, forget):
    Customer.objects.filter(user=aigerim).update(last_name="Omarova")
    client = signed_in(aigerim)
    forget(lambda: client.post("/ru/cabinet/profile/", {"first_name": "Aigerim", "language": "ru"}))
    kept = Customer.objects.get(user=aigerim)
    assert kept.last_name == "Omarova"
    reapply()
    kept.refresh_from_db()
    assert kept.last_name == ""
    assert kept.first_name == "Aigerim"


def test_a_removed_address_is_removed_again_and_one_put_back_stays(aigerim, forget):
    gone, back = (add_address(customer=aigerim.customer, given={**HOME, "label": name}) for name in ("a", "b"))

    def act():
        for address in (gone, back):
            remove_address(address=address)
        restore_address(address=back)

    forget(act)
    assert aigerim.customer.addresses.present().count() == 2
    reapply()
    assert list(aigerim.customer.addresses.present()) == [back]


def test_everybody_signs_in_anew(aigerim, boris, forget, erased):
    signed_in(boris)
    forget(lambda: write("erasure", aigerim.customer.subject))
    reapply()
    assert not Session.objects.exists()


def test_marks_under_an_old_key_are_found_while_it_is_named(aigerim, settings, forget, erased):
    subject = str(aigerim.customer.subject)
    forget(lambda: write("erasure", aigerim.customer.subject))
    old, settings.SECRET_KEY = settings.SECRET_KEY, "a new one, made after the backup"
    with pytest.raises(CommandError, match="SECRET_KEY_FALLBACKS"):
        command()
    assert erased == []
    settings.SECRET_KEY_FALLBACKS = [old]
    command()
    assert erased == [subject]


def test_what_no_room_can_replay_stays_to_be_replayed(aigerim, forget, monkeypatch):
    from cabinet.privacy.tombstones import replayers

    monkeypatch.delitem(replayers, "erasure", raising=False)
    forget(lambda: write("erasure", aigerim.customer.subject))
    with pytest.raises(CommandError, match="cannot replay: erasure"):
        command()
    assert not Tombstone.objects.exists()


def test_interrupted_it_goes_on_where_it_was(aigerim, boris, forget, monkeypatch):
    from cabinet.privacy.tombstones import replayers

    seen = []

    def interrupted(mark, subject):
        seen.append(subject)
        if len(seen) == 2:
            raise KeyboardInterrupt

    monkeypatch.setitem(replayers, "erasure", interrupted)
    forget(lambda: [write("erasure", user.customer.subject) for user in (aigerim, boris)])
    with pytest.raises(KeyboardInterrupt):
        reapply()
    assert reapply() == {"erasure": 1}
    assert seen == [str(user.customer.subject) for user in (aigerim, boris, boris)]

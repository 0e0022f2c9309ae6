"""Giving and withdrawing: one receipt for one change, sealed, and never a row changed."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from hashlib import sha256
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.utils import timezone

from cabinet.audit.append_only import AppendOnlyError, has_triggers
from cabinet.audit.models import Event
from cabinet.consents.composing import Composer, NotReady
from cabinet.consents.consenting import ClosesAccount, give, give_for, unsubscribe, withdraw
from cabinet.consents.models import ConsentReceipt, ConsentText, SignedName
from cabinet.customers.models import GuestMark
from tests.conftest import signed_in

CANARY = "Қанарейка"


def test_a_consent_is_a_receipt_with_its_text_and_its_trace(agree, aigerim):
    receipt = agree(aigerim, "bonuses")
    assert (receipt.given, receipt.subject, receipt.channel) == (True, aigerim.customer.subject, "site")
    assert sha256(receipt.text.text.encode()).hexdigest() == receipt.text_sha256 == receipt.text.sha256
    event = Event.objects.order_by("-sequence").first()
    assert (event.name, event.subject, event.actor) == (
        "consents.consent.given",
        str(receipt.subject),
        aigerim.public_id,
    )


def test_withdrawal_is_a_row_that_follows_with_the_words_once_agreed_to(agree, aigerim):
    given = agree(aigerim, "bonuses")
    ended = withdraw(customer=aigerim.customer, purpose="bonuses")
    assert (ended.given, ended.follows, ended.text) == (False, given, given.text)
    assert Event.objects.order_by("-sequence").first().name == "consents.consent.withdrawn"


def test_i2_the_same_answer_twice_is_one_receipt(agree, aigerim):
    assert agree(aigerim, "bonuses") == agree(aigerim, "bonuses")
    withdraw(customer=aigerim.customer, purpose="bonuses")
    withdraw(customer=aigerim.customer, purpose="bonuses")
    assert ConsentReceipt.objects.count() == 2
    assert Event.objects.count() == 2


def test_what_was_never_given_is_not_withdrawn(shop, aigerim):
    assert withdraw(customer=aigerim.customer, purpose="bonuses") is None
    assert not ConsentReceipt.objects.exists()


def test_the_accounts_own_consent_is_not_withdrawn_here(agree, aigerim):
    agree(aigerim)
    with pytest.raises(ClosesAccount):
        withdraw(customer=aigerim.customer, purpose="order")
    assert ConsentReceipt.objects.in_force().count() == 1


def test_who_takes_a_consent_by_phone_is_named(agree, aigerim, timur):
    with pytest.raises(ValueError, match="says who"):
        agree(aigerim, "bonuses", channel="phone")
    receipt = agree(aigerim, "bonuses", channel="phone", recorded_by=timur.public_id)
    assert (receipt.channel, receipt.recorded_by) == ("phone", timur.public_id)


def test_unsubscribing_from_all_ends_news_and_nothing_else(agree, aigerim):
    agree(aigerim, "bonuses")
    for topic in ("news.assortment", "news.prices"):
        agree(aigerim, topic, "email")
    assert unsubscribe(customer=aigerim.customer) == 2
    assert [each.purpose for each in ConsentReceipt.objects.in_force()] == ["bonuses"]


def test_the_digest_is_of_everything_the_receipt_says(agree, aigerim):
    receipt = ConsentReceipt.objects.get(pk=agree(aigerim, "news.prices", "email").pk)
    assert sha256(receipt.canonical().encode()).hexdigest() == receipt.digest
    assert json.loads(receipt.canonical())["medium"] == "email"


def test_neither_text_nor_receipt_names_anybody_and_the_name_can_go(agree, make_customer):
    user = make_customer("canary@customer.example", CANARY)
    receipt = agree(user, "bonuses")
    row = SignedName.objects.get()
    assert sha256(row.opened.encode()).hexdigest() == receipt.name_commitment
    user.delete()
    assert not SignedName.objects.exists()
    kept = [*ConsentText.objects.values_list("text", flat=True), ConsentReceipt.objects.get().canonical()]
    assert all(CANARY not in text and "canary@" not in text for text in kept)


def test_another_name_is_another_commitment(agree, aigerim):
    first = agree(aigerim, "bonuses")
    aigerim.customer.last_name = "Ахметова"
    aigerim.customer.save()
    second = withdraw(customer=aigerim.customer, purpose="bonuses")
    assert first.name_commitment != second.name_commitment
    assert SignedName.objects.count() == 2


def test_the_database_itself_refuses_to_change_receipts_and_texts(agree, aigerim):
    receipt = agree(aigerim, "bonuses")
    for row in (receipt, receipt.text):
        assert has_triggers(connection, row._meta.db_table)
        with pytest.raises(AppendOnlyError):
            row.delete()
    for table in ("consents_consentreceipt", "consents_consenttext"):
        for statement in (f"UPDATE {table} SET language = 'en'", f"DELETE FROM {table}"):
            with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)


def test_an_answer_is_followed_once_and_begun_once(agree, aigerim):
    first = agree(aigerim, "bonuses")
    facts = {"subject": first.subject, "purpose": "bonuses", "given": False, "at": first.at, "channel": "site"}
    words = {"text": first.text, "text_sha256": first.text_sha256, "language": "ru", "name_commitment": ""}
    ConsentReceipt(follows=first, **facts, **words).seal()
    for follows in (first, None):
        with pytest.raises(IntegrityError), transaction.atomic():
            ConsentReceipt(follows=follows, **facts, **words).seal()


def test_i2_two_clicks_at_once_are_one_receipt(committed_db, agree, aigerim, composed):
    words, customer, errors = composed("bonuses"), aigerim.customer, []

    def click():
        try:
            give(customer=customer, composed=words)
        except Exception as error:  # whatever it is, the main thread must hear of it
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=click) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert ConsentReceipt.objects.count() == ConsentText.objects.count() == Event.objects.count() == 1


def test_an_empty_operators_card_takes_no_consent_and_says_what_is_missing(site_ru, policy):
    with pytest.raises(NotReady) as error:
        Composer("ru")
    assert len(error.value.missing) == 3


def test_without_a_policy_in_force_nobody_can_consent(shop):
    with pytest.raises(NotReady, match=r"."):
        Composer("kk")


def test_who_has_no_account_agrees_under_a_mark_of_their_own(composed, timur):
    guest = uuid4()
    said = {"subject": guest, "full_name": CANARY, "composed": composed(), "channel": "phone"}
    with pytest.raises(ValueError, match="says who"):
        give_for(**said)
    receipt = give_for(**said, recorded_by=timur.public_id)
    assert give_for(**said, recorded_by=timur.public_id) == receipt
    row = SignedName.objects.get(subject=guest)
    assert sha256(row.opened.encode()).hexdigest() == receipt.name_commitment


def test_a_consent_given_earlier_bears_its_own_time(composed):
    early = timezone.now() - timedelta(days=40)
    sealed = composed().seal()
    receipt = give_for(subject=uuid4(), full_name="", composed=sealed, channel="shop", at=early)
    assert (receipt.at, receipt.text) == (early, sealed)


def test_what_a_guest_agreed_to_is_the_customers_once_it_is_known_who_they_are(composed, aigerim, boris):
    mark = uuid4()
    receipt = give_for(subject=mark, full_name="A.", composed=composed(), channel="shop")
    GuestMark.objects.create(customer=aigerim.customer, subject=mark)
    shown = signed_in(aigerim).get(f"/ru/cabinet/consents/{receipt.public_id}/proof/")
    assert shown.status_code == 200
    assert signed_in(boris).get(f"/ru/cabinet/consents/{receipt.public_id}/proof/").status_code == 404

"""What no declaration leads to goes, too: sessions, Wagtail's logs, what waits for the shop, the database's file."""

from __future__ import annotations

import json
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection, connections
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry, ReferenceIndex
from wagtail.users.models import UserProfile

from cabinet.customers.models import Customer, User
from cabinet.exchange.models import Delivery, Endpoint
from cabinet.exchange.sending import send
from cabinet.exchange.signing import new_secret
from cabinet.privacy.asking import ask
from cabinet.privacy.erasing import run
from cabinet.privacy.erasures import Erasure, State
from tests.cabinet.privacy import people
from tests.conftest import PASSWORD


@pytest.fixture
def listening(db):
    endpoint = Endpoint(url="https://shop.example/hooks", types=["customer.updated", "customer.erased"])
    endpoint.secret = new_secret()
    endpoint.save()


def test_the_shop_hears_of_it_when_it_is_done_and_not_before(known, listening, erase):
    subject = str(known.customer.subject)
    told = {"subject": subject, "customer": known.customer.public_id, "changed": ["phone"]}
    send("customer.updated", told, subject=known.customer.subject)
    assert Delivery.objects.count() == 1
    order = people.order(known.customer, "A-1", objections=5)
    assert erase(known).state == State.WAITING
    assert not Delivery.objects.exists()  # what waited to be told of her goes at once
    order.objections_until = timezone.now() - timedelta(days=1)
    order.save()
    assert run(Erasure.objects.get().pk) == State.DONE
    gone = Delivery.objects.get()
    assert gone.type == "customer.erased" and json.loads(gone.body)["data"] == {"subject": subject}


def test_i4_sessions_logs_and_indexes_go(known, client, erase):
    known.authenticator_set.all().delete()  # a password is enough then
    client.post("/ru/accounts/login/", {"login": known.email, "password": PASSWORD})
    assert client.get("/ru/cabinet/").status_code == 200
    user, customer = User.objects.get(pk=known.pk), Customer.objects.get(user=known)
    log(customer, "wagtail.edit", user=user, title=people.NAME)
    log(customer, "wagtail.edit", title=people.NAME)
    log(user, "wagtail.edit", title=user.email)
    UserProfile.get_for_user(user)
    of_customer = {"content_type": ContentType.objects.get_for_model(Customer), "object_id": str(customer.pk)}
    ReferenceIndex.objects.create(
        base_content_type=of_customer["content_type"],
        **of_customer,
        to_content_type=of_customer["content_type"],
        to_object_id="1",
        model_path="x",
        content_path="x",
        content_path_hash=uuid.uuid4(),
    )
    assert Session.objects.exists() and UserSession.objects.exists() and ModelLogEntry.objects.count() == 3
    assert erase(known).state == State.DONE
    for model in (Session, UserSession, ModelLogEntry, UserProfile):
        assert not model.objects.exists(), model
    assert not ReferenceIndex.objects.filter(object_id=of_customer["object_id"]).exists()
    assert client.get("/ru/cabinet/").status_code == 302  # the browser's cookie opens nothing


@pytest.fixture
def committed(committed_db):
    user = User.objects.create_user("aigerim@customer.example")
    Customer.objects.create(user=user, language="ru")
    people.fill(user)
    return user


def test_i4_the_file_of_the_database_holds_none_of_it(committed):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL's files are its server's: autovacuum and the end of its log take what was deleted.")
    people.order(committed.customer, "A-1", tax=-1)
    file = Path(connection.settings_dict["NAME"])
    wanted = [value.encode() for value in (*people.CANARIES, committed.email)]

    def there():
        kept = b"".join(path.read_bytes() for path in file.parent.glob(f"{file.name}*"))
        return [value.decode() for value in wanted if value in kept]

    assert len(there()) == len(wanted)
    assert run(ask(customer=committed.customer, at_once=True).pk) == State.DONE
    # The last letter, to the address that is kept until it has left, is all that may still name her.
    assert there() == [committed.email]


def test_i2_two_who_ask_at_once_begin_one_erasure(committed):
    def one(_turn):
        try:
            return ask(customer=Customer.objects.get(user=committed)).pk
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        begun = set(pool.map(one, range(4)))
    assert begun == set(Erasure.objects.values_list("pk", flat=True)) and len(begun) == 1


@pytest.mark.parametrize("days", [0, 3])
def test_the_days_to_think_are_a_setting(known, settings, days):
    settings.ERASURE_DELAY_DAYS = days
    erasure = ask(customer=known.customer)
    left = erasure.due_at - timezone.now()
    assert (left <= timedelta()) if days == 0 else (timedelta(days=2, hours=20) < left <= timedelta(days=3, hours=4))


def test_caches_keep_nothing_of_a_page_of_the_cabinet(known, client, erase):
    client.force_login(known)
    for path in ("", "profile/", "data/", "addresses/"):
        assert client.get(f"/ru/cabinet/{path}").status_code == 200
    assert erase(known).state == State.DONE
    kept = repr(list(cache._cache.values()))
    assert not [value for value in (*people.CANARIES, known.email) if value in kept]

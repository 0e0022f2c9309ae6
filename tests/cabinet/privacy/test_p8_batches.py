"""p8, p9: an erasure costs as much a row however many there are, and a page as much whatever somebody has ordered."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cabinet.cache.models import Entry
from cabinet.customers.models import Customer, User
from cabinet.orders.models import Order, OrderPerson
from cabinet.privacy import fault_points, locking_away
from cabinet.privacy.asking import ask
from cabinet.privacy.erasing import run
from cabinet.privacy.erasures import State
from cabinet.privacy.models import Restricted, RestrictedReference
from cabinet.register.batches import among
from tests.cabinet.privacy import people


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr("cabinet.register.batches.BATCH", 3)
    monkeypatch.setattr("cabinet.privacy.letting_go.BATCH", 3)


def somebody(count):
    user = User.objects.create_user(f"with-{count}@customer.example")
    customer = Customer.objects.create(user=user, language="ru")
    for number in range(count):
        people.order(customer, f"{count}-{number}")
    return customer


def queries_to_erase(customer):
    pk = ask(customer=customer, at_once=True).pk
    with CaptureQueriesContext(connection) as asked:
        assert run(pk) == State.DONE
    return len(asked)


def test_p8_each_batch_more_costs_the_same(db, small):
    queries_to_erase(somebody(3))  # what is looked up once
    few, more, most = (queries_to_erase(somebody(count)) for count in (6, 12, 18))
    assert most - more == more - few > 0


def test_p8_the_statements_do_not_grow_with_what_is_left(db, small):
    customer = somebody(9)
    pk = ask(customer=customer, at_once=True).pk
    with CaptureQueriesContext(connection) as asked:
        run(pk)
    deleted = [each["sql"] for each in asked if each["sql"].startswith('DELETE FROM "orders_orderperson"')]
    assert len(deleted) == 3 and all("customers_customer" not in each for each in deleted)


def test_p8_the_same_words_are_sealed_once_over_all_batches(db, small):
    queries_to_erase(somebody(8))
    assert Restricted.objects.count() == 1
    assert sorted(RestrictedReference.objects.values_list("reference", flat=True)) == [f"8-{n}" for n in range(8)]


def test_p8_each_number_stands_beside_its_own_words(db, small):
    customer = somebody(7)
    for order in Order.objects.all():
        OrderPerson.objects.filter(order=order).update(name=f"To {order.number}")
    queries_to_erase(customer)
    told = {row.words["name"]: [each.reference for each in row.references.all()] for row in Restricted.objects.all()}
    assert told == {f"To 7-{number}": [f"7-{number}"] for number in range(7)}


def test_p8_no_transaction_seals_more_than_its_share(db, small, monkeypatch):
    monkeypatch.setattr(locking_away, "SEALED", 2)
    sealing, sealed, within = locking_away.Locker._seal, [], []

    def seal(locker, hold, words):
        sealed.append(len(words))
        within.append(tuple(connection.savepoint_ids))
        return sealing(locker, hold, words)

    monkeypatch.setattr(locking_away.Locker, "_seal", seal)
    customer = somebody(7)
    for person in OrderPerson.objects.all():
        person.name = f"To {person.order.number}"
        person.save()
    queries_to_erase(customer)
    assert sealed == [2, 1, 2, 1, 1] and len(set(within)) == 5
    assert {row.words["name"] for row in Restricted.objects.all()} == {f"To 7-{number}" for number in range(7)}
    assert not OrderPerson.objects.exists() and RestrictedReference.objects.count() == 7


def test_f01_killed_between_two_parts_of_a_batch_each_paper_stands_once_beside_its_words(db, small, monkeypatch):
    class Killed(BaseException):
        pass

    reached = []

    def die(name):
        reached.append(name)
        if name == "erase" and len(reached) % 3 == 0:
            raise Killed

    monkeypatch.setattr(locking_away, "SEALED", 2)
    monkeypatch.setattr(fault_points, "fault_point", die)
    customer = somebody(9)
    words = {f"9-{number}": f"<script>'{number % 4}" for number in range(9)}
    for person in OrderPerson.objects.all():
        person.name = words[person.order.number]
        person.save()
    pk, state, kills = ask(customer=customer, at_once=True).pk, None, 0
    while state is None and kills < 60:
        try:
            state = run(pk)
        except Killed:
            kills += 1
    assert state == State.DONE and kills > 1
    told = [(each.reference, row.words["name"]) for row in Restricted.objects.all() for each in row.references.all()]
    assert sorted(told) == sorted(words.items()) and Restricted.objects.count() == 4


def test_p8_where_very_much_has_gone_the_database_counts_anew_before_the_person_is_locked(db, small, monkeypatch):
    monkeypatch.setattr("cabinet.privacy.letting_go.MANY", 4)
    pk = ask(customer=somebody(7), at_once=True).pk
    with CaptureQueriesContext(connection) as asked:
        assert run(pk) == State.DONE
    said = [each["sql"] for each in asked]
    counted = [number for number, sql in enumerate(said) if sql.startswith("ANALYZE")]
    gone = next(number for number, sql in enumerate(said) if sql.startswith('DELETE FROM "customers_customer"'))
    if connection.vendor == "postgresql":
        assert {said[number] for number in counted} >= {'ANALYZE "orders_order"', 'ANALYZE "orders_orderperson"'}
        assert max(counted) < gone
    else:
        assert not counted


def test_p8_a_number_of_any_letters_stands_as_it_was(db, small):
    customer = somebody(0)
    numbers = sorted(['A "1"', "B\\2", "[3]", "{4}", "Ә-5", "%s, %(at)s", "6, 7"])
    for number in numbers:
        people.order(customer, number)
    queries_to_erase(customer)
    assert sorted(RestrictedReference.objects.values_list("reference", flat=True)) == numbers


def test_p8_another_customers_rows_between_ones_own_stay(db, small):
    mine, other = somebody(0), somebody(1)
    for number in range(8):
        people.order((mine, other)[number % 2], f"A-{number}")
    queries_to_erase(mine)
    assert Order.objects.of(other).count() == OrderPerson.objects.count() == 5


def test_p9_my_data_asks_as_much_for_many_orders_as_for_few(client, aigerim, site_ru):
    client.force_login(aigerim)
    counts = []
    for number in (3, 20):
        for turn in range(number):
            people.refund(people.order(aigerim.customer, f"A-{number}-{turn}"))
        client.get("/ru/cabinet/data/")
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/ru/cabinet/data/").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("model", [Customer, Order, RestrictedReference])
def test_a_batch_of_nothing_is_no_row(db, model):
    """PostgreSQL has to be told what an array of nothing would hold."""
    assert not model._base_manager.filter(among(model, [])).exists()


def test_a_batch_of_texts_is_those_rows_and_no_others(db):
    keys = ["a,b", 'c"d', "{e}", "f'g", ""]
    for key in [*keys, "a", "b"]:
        Entry.objects.create(key=key, value="1", expires_at=None)
    assert sorted(Entry.objects.filter(among(Entry, keys)).values_list("pk", flat=True)) == sorted(keys)

"""What holds now is asked in one query that does not grow with other people's receipts."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cabinet.consents.consenting import withdraw
from cabinet.consents.models import ConsentReceipt
from cabinet.consents.standing import addressees, answers, wanted, wanting
from tests.cabinet.consents.crowd import add_crowd

FEW, MANY = 2_000, 20_000


@pytest.fixture
def aigerims(agree, aigerim):
    """Aigerim's receipts, and the text they bear."""
    for topic in ("news.assortment", "news.prices"):
        agree(aigerim, topic, "email")
    withdraw(customer=aigerim.customer, purpose="news.assortment", medium="email")
    return agree(aigerim, "bonuses").text


def work(ask):
    """What the database does for the answer, in units that no busy machine changes."""
    ask()
    return {"sqlite": steps, "postgresql": rows_visited}[connection.vendor](ask)


def steps(ask):
    """Tens of steps of SQLite's machine."""
    done = 0

    def count():
        nonlocal done
        done += 1

    connection.connection.set_progress_handler(count, 10)
    try:
        ask()
    finally:
        connection.connection.set_progress_handler(None, 0)
    return done


def rows_visited(ask):
    """Rows that PostgreSQL read, those it threw away included."""
    with CaptureQueriesContext(connection) as asked:
        ask()
    visited = 0
    with connection.cursor() as cursor:
        for query in list(asked):
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {query['sql']}")
            told = cursor.fetchone()[0]
            visited += rows_of((json.loads(told) if isinstance(told, str) else told)[0]["Plan"])
    return visited


def rows_of(plan):
    removed = sum(number for name, number in plan.items() if name.startswith("Rows Removed"))
    return plan["Actual Loops"] * (plan["Actual Rows"] + removed) + sum(map(rows_of, plan.get("Plans", ())))


def test_what_holds_costs_no_more_among_many_than_among_few(aigerims, aigerim, record_property):
    subject = aigerim.customer.subject
    questions = {
        "one person": lambda: answers(subject, "ru"),
        "one letter": lambda: wanted(aigerim.pk, "news.prices"),
        "a page of a mailing": lambda: list(wanting("news.prices", "email")[:500]),
        "a page of addressees": lambda: list(addressees("news.prices", "email")[:500]),
    }
    add_crowd(aigerims, FEW)
    few = {name: work(ask) for name, ask in questions.items()}
    add_crowd(aigerims, MANY)
    many = {name: work(ask) for name, ask in questions.items()}
    told = [f"{name} {few[name]:.0f} → {many[name]:.0f}" for name in questions]
    record_property(f"work in a ledger of {FEW} and {MANY} people", ", ".join(told))
    assert all(many[name] <= 2 * few[name] for name in questions), told


def test_the_answers_are_right_among_many(aigerims, aigerim, boris):
    add_crowd(aigerims, FEW)
    said = {(each.purpose, each.medium): each.given for each in answers(aigerim.customer.subject, "ru")}
    assert said == {("news.assortment", "email"): False, ("news.prices", "email"): True, ("bonuses", ""): True}
    assert [customer.user for customer in addressees("news.prices", "email")] == [aigerim]
    # Half of the crowd agreed, a third of these withdrew.
    assert abs(wanting("news.prices", "email").count() - FEW / 2 * 2 / 3) < 3


def test_every_question_is_one_query(aigerims, aigerim):
    with CaptureQueriesContext(connection) as asked:
        answers(aigerim.customer.subject, "ru")
        wanted(aigerim.pk, "news.prices")
        list(wanting("news.prices", "email"))
        list(addressees("news.prices", "email"))
    of_the_ledger = [query["sql"] for query in asked if "consents_consentreceipt" in query["sql"]]
    assert len(of_the_ledger) == 4, of_the_ledger
    assert len(asked) == 4, [query["sql"][:200] for query in asked]


def test_every_question_goes_by_an_index(aigerims, aigerim):
    add_crowd(aigerims, MANY)
    of_one = ConsentReceipt.objects.of(aigerim.customer.subject).standing()
    for found in (of_one, wanting("news.prices", "email")[:500], addressees("news.prices", "email")[:500]):
        plan = found.explain()
        assert "SCAN consents_consentreceipt\n" not in f"{plan}\n", plan
        assert "Seq Scan on consents_consentreceipt" not in plan, plan

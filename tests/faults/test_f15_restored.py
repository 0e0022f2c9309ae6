"""f15: a restored database is closed until what people had done since the backup is done again (trust.md, i12)."""

from __future__ import annotations

import pytest

from cabinet import beside
from cabinet.notices.postman import Postman
from cabinet.privacy import gate
from cabinet.privacy.reapplying import reapply
from cabinet.privacy.tombstones import write
from tests.cabinet.privacy.conftest import erased, forget  # noqa: F401  (fixtures)
from tests.conftest import signed_in

PRIVATE = ["/ru/cabinet/", "/kk/accounts/login/", "/en/accounts/signup/", "/admin/", "/ru/letters/", "/unsubscribe/x/"]
PUBLIC = ["/livez", "/robots.txt", "/ru/", "/ru/cookies/", "/ru/privacy/", "/.well-known/security.txt"]


@pytest.fixture
def restored(aigerim, forget, make_document, publish):  # noqa: F811
    """A site whose database was put back to before Aigerim's erasure."""
    publish(make_document())
    forget(lambda: write("erasure", aigerim.customer.subject))


@pytest.mark.parametrize("path", PRIVATE)
def test_f15_what_is_somebodys_is_a_calm_503(restored, visitor, path):
    answer = visitor.get(path)
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "apology" in answer.text


@pytest.mark.parametrize("path", PUBLIC)
def test_f15_what_is_the_same_for_everybody_is_read_meanwhile(restored, visitor, path):
    assert visitor.get(path).status_code == 200


@pytest.mark.parametrize("path", ["/cookies/choice/", "/ru/", "/ru/cabinet/profile/", "/unsubscribe/x/"])
def test_f15_nothing_is_changed_meanwhile(restored, visitor, path):
    assert visitor.post(path).status_code == 503


def test_f15_nobody_gets_in_with_a_session_of_the_backup(restored, aigerim):
    assert signed_in(aigerim).get("/ru/cabinet/").status_code == 503


def test_f15_it_is_not_ready(restored, visitor):
    assert visitor.get("/readyz").status_code == 503


def test_f15_no_letter_and_no_job_goes_out_meanwhile(restored, monkeypatch):
    looked = []
    monkeypatch.setattr(Postman, "look", lambda self: looked.append(True))
    monkeypatch.setattr(beside.connections, "close_all", lambda: None)  # the test's transaction stays open
    Postman().one_round()
    assert looked == []


def test_f15_replaying_opens_it_again(restored, visitor, erased):  # noqa: F811
    assert visitor.get("/ru/accounts/login/").status_code == 503
    reapply()
    gate.watch.until = 0.0  # as five seconds later
    assert visitor.get("/ru/accounts/login/").status_code == 200
    assert visitor.get("/readyz").status_code == 200


def test_f15_looking_costs_no_query_but_each_few_seconds(restored, django_assert_num_queries):
    gate.is_behind()
    with django_assert_num_queries(0):
        assert all(gate.is_behind() for _each in range(50))
    gate.watch.until = 0.0
    with django_assert_num_queries(1):
        assert gate.is_behind()


def test_f15_a_site_without_tombstones_asks_nothing(db, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(gate, "watch", gate.Watch())
    with django_assert_num_queries(0):
        assert not gate.is_behind()
